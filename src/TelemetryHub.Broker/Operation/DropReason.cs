namespace TelemetryHub.Broker.Operation;

/// <summary>Every reason why an accepted event does not reach a subscriber, or a publish is not accepted.</summary>
public enum DropReason
{
    /// <summary>QoS 0, and the subscriber's queue was full.</summary>
    SlowSubscriber,

    /// <summary>QoS 1 or 2, and the subscriber's queue was full: the oldest went.</summary>
    QueueFull,

    /// <summary>Its message expiry had passed.</summary>
    Expired,

    /// <summary>Larger than the subscriber takes.</summary>
    TooLargeForSubscriber,

    /// <summary>The publisher may not publish there.</summary>
    NotAuthorized,

    /// <summary>The log did not take it.</summary>
    LogRefused,

    /// <summary>The retained messages have no room for another one.</summary>
    RetainedFull,

    /// <summary>Published to <c>$SYS</c>, which is the hub's own.</summary>
    ReservedTopic,

    /// <summary>QoS 1 or 2: retention or damage took it from the log before the subscriber came for it, or the disk could not be read for a minute.</summary>
    NotKept,
}
