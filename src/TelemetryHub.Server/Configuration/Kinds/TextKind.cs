using System.Diagnostics.CodeAnalysis;

namespace TelemetryHub.Server.Configuration.Kinds;

/// <summary>Any text.</summary>
public sealed class TextKind : ValueKind
{
    /// <inheritdoc/>
    public override string Name => "text";

    /// <inheritdoc/>
    public override bool TryParse(string text, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out string? problem)
    {
        (value, problem) = (text, null);
        return true;
    }
}
