using System.Diagnostics.CodeAnalysis;

namespace TelemetryHub.Server.Configuration.Kinds;

/// <summary>A file or a folder.</summary>
public sealed class PathKind : ValueKind
{
    /// <inheritdoc/>
    public override string Name => "path";

    /// <inheritdoc/>
    public override bool TryParse(string text, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out string? problem)
    {
        // NUL is the one character that no file system takes; .NET would throw at the first use instead.
        var possible = !text.Contains('\0');
        (value, problem) = possible ? (new FilePath(text), null) : ((object?)null, "is not a path");
        return possible;
    }
}
