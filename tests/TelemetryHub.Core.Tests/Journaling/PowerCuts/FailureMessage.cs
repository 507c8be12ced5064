using System.Runtime.CompilerServices;
using System.Text;

namespace TelemetryHub.Core.Tests.Journaling.PowerCuts;

/// <summary>An interpolated string that is made only when what it is about does not hold.</summary>
[InterpolatedStringHandler]
internal readonly ref struct FailureMessage
{
    private readonly StringBuilder? _text;

    public FailureMessage(int literalLength, int formattedCount, bool holds, out bool isNeeded)
    {
        isNeeded = !holds;
        _text = holds ? null : new StringBuilder(literalLength + (formattedCount * 100));
    }

    public void AppendLiteral(string text) => _text!.Append(text);

    public void AppendFormatted<T>(T value) => _text!.Append(value);

    public override string ToString() => _text?.ToString() ?? "";
}
