using System.Runtime.CompilerServices;

namespace TelemetryHub.Mqtt.Topics;

/// <summary>Room on the thread's stack for the branches of an ordinary match.</summary>
[InlineArray(8)]
internal struct InlineBranches<T>
    where T : notnull
{
    private Branch<T> _first;
}
