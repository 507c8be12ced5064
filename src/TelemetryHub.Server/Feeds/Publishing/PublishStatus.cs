namespace TelemetryHub.Server.Feeds.Publishing;

/// <summary>What became of a publish at once.</summary>
internal enum PublishStatus : byte
{
    /// <summary>It is in the log, in order. Whether it is kept shows later.</summary>
    Taken,

    /// <summary>The log is full: nothing was taken; offer the same again when there is space.</summary>
    Full,

    /// <summary>The log takes nothing that has to be kept: the disk is full or failing.</summary>
    NotKept,

    /// <summary>The topic is empty, not UTF-8, or has wildcards or NUL in it.</summary>
    NoTopic,

    /// <summary>The topic is longer or has more levels than the hub allows.</summary>
    TopicTooLong,

    /// <summary>The topic is the hub's own (<c>$SYS</c>).</summary>
    ReservedTopic,

    /// <summary>The principal may not publish there.</summary>
    Forbidden,

    /// <summary>Larger than the hub takes.</summary>
    TooLarge,

    /// <summary>The retained messages have no room for another one.</summary>
    RetainedFull,
}
