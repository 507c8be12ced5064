namespace TelemetryHub.Server.Configuration;

/// <summary>A path as the user wrote it; relative ones start at the working directory. Empty = not given.</summary>
public readonly record struct FilePath(string? Value)
{
    /// <summary>Nothing was given.</summary>
    public bool IsEmpty => string.IsNullOrEmpty(Value);

    /// <inheritdoc/>
    public override string ToString() => Value ?? "";
}
