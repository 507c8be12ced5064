using System.Diagnostics.CodeAnalysis;

namespace TelemetryHub.Server.Configuration.Kinds;

/// <summary><c>true</c> or <c>false</c>.</summary>
public sealed class SwitchKind : ValueKind
{
    /// <inheritdoc/>
    public override string Name => "true or false";

    /// <inheritdoc/>
    public override bool TryParse(string text, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out string? problem)
    {
        var read = bool.TryParse(text, out var flag);
        (value, problem) = read ? (flag, null) : ((object?)null, "is neither true nor false");
        return read;
    }

    /// <inheritdoc/>
    public override string Write(object value) => (bool)value ? "true" : "false";
}
