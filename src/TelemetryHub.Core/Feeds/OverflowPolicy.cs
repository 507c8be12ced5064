namespace TelemetryHub.Core.Feeds;

/// <summary>What happens to a reader that the feed's ring has lapped.</summary>
public enum OverflowPolicy : byte
{
    /// <summary>It jumps on and is told how many events it missed.</summary>
    Gap,

    /// <summary>It catches up from the log and misses nothing that is still kept.</summary>
    Replay,

    /// <summary>Of what it missed it gets the newest event of each topic.</summary>
    Latest,

    /// <summary>It is told so and closed.</summary>
    Close,
}
