namespace TelemetryHub.Core.Log;

/// <summary>Bounds of the in-memory tail.</summary>
public sealed class TailOptions
{
    /// <summary>How many of the newest events are kept in memory; a power of two.</summary>
    public int MaxEvents { get; init; } = 1 << 15;

    /// <summary>How many bytes they may hold together.</summary>
    public long MaxBytes { get; init; } = 64L << 20;
}
