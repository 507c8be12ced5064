namespace TelemetryHub.Core.Feeds;

/// <summary>What a reader asks for besides the feed: it does not keep others from sharing it.</summary>
public sealed class ReaderOptions
{
    /// <summary>Where it begins.</summary>
    public FeedStart Start { get; init; }

    /// <summary>Begin with the newest known event of every matching topic; behind them <c>snapshot-end</c>. With a cursor as the start: only of what is newer than that.</summary>
    public bool Snapshot { get; init; }

    /// <summary>When it is lapped.</summary>
    public OverflowPolicy Overflow { get; init; }

    /// <summary>How long nothing may be written before a heartbeat is; zero = none.</summary>
    public TimeSpan Heartbeat { get; init; }

    /// <summary>What carries it, for who looks: <c>sse</c>, <c>websocket</c>, <c>poll</c>, <c>ndjson</c>.</summary>
    public required string Transport { get; init; }

    /// <summary>The peer's address, for who looks.</summary>
    public string? Remote { get; init; }
}
