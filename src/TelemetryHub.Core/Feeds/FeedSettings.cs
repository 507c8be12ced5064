namespace TelemetryHub.Core.Feeds;

/// <summary>The bounds of the feeds.</summary>
public sealed class FeedSettings
{
    /// <summary>What a feed's ring may hold, encoded: a reader that is further behind is lapped.</summary>
    public long RingBytes { get; init; } = 4 << 20;

    /// <summary>What all rings may hold together; with many feeds each gets its share.</summary>
    public long MaxBytes { get; init; } = 256 << 20;

    /// <summary>How many events a feed may have been handed and not encoded yet.</summary>
    public int MaxWaitingEvents { get; init; } = 16 << 10;

    /// <summary>What these may hold.</summary>
    public long MaxWaitingBytes { get; init; } = 16 << 20;

    /// <summary>How many replays read the log at the same time.</summary>
    public int MaxReplays { get; init; } = Math.Max(1, Environment.ProcessorCount / 2);
}
