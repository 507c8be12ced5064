using System.Diagnostics.CodeAnalysis;

namespace TelemetryHub.Server.Configuration.Kinds;

/// <summary>Texts with <c>;</c> between them.</summary>
public sealed class ListKind : ValueKind
{
    /// <inheritdoc/>
    public override string Name => "list";

    /// <inheritdoc/>
    public override bool TryParse(string text, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out string? problem)
    {
        value = text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        problem = null;
        return true;
    }

    /// <inheritdoc/>
    public override string Write(object value) => string.Join(';', (IReadOnlyList<string>)value);
}
