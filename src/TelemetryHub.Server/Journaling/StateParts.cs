using TelemetryHub.Broker.Recovery;
using TelemetryHub.Core.Log;

namespace TelemetryHub.Server.Journaling;

/// <summary>The list of all parts of the hub that keep their state in the journal.</summary>
internal static class StateParts
{
    /// <summary>Makes an empty image of each.</summary>
    public static IReadOnlyList<Func<IStateImage>> All { get; } = [static () => new SessionsImage()];
}
