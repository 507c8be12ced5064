using System.Diagnostics.CodeAnalysis;

namespace TelemetryHub.Server.Configuration.Kinds;

/// <summary>One of a few words; upper and lower case are the same.</summary>
public sealed class ChoiceKind(Type type) : ValueKind
{
    private readonly string[] _words = [.. Enum.GetNames(type).Select(name => name.ToLowerInvariant())];

    /// <inheritdoc/>
    public override string Name => string.Join(", ", _words);

    /// <inheritdoc/>
    public override bool TryParse(string text, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out string? problem)
    {
        // Enum.Parse would take numbers and 'a,b' as well: only the words count.
        var known = _words.Contains(text, StringComparer.OrdinalIgnoreCase);
        (value, problem) = known ? (Enum.Parse(type, text, ignoreCase: true), null) : ((object?)null, $"is none of {Name}");
        return known;
    }

    /// <inheritdoc/>
    public override string Write(object value) => value.ToString()!.ToLowerInvariant();
}
