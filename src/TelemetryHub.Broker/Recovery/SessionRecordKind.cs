namespace TelemetryHub.Broker.Recovery;

/// <summary>What a record says about a session; its first byte. The numbers are on disk: never change or reuse one.</summary>
internal enum SessionRecordKind : byte
{
    /// <summary>A connection holds it now.</summary>
    Opened = 1,

    /// <summary>The connection is gone.</summary>
    Closed = 2,

    /// <summary>The will was published, or will not be.</summary>
    WillGone = 3,

    /// <summary>It is over.</summary>
    Ended = 4,

    /// <summary>A subscription was added or replaced.</summary>
    Subscribed = 5,

    /// <summary>A subscription was removed.</summary>
    Unsubscribed = 6,

    /// <summary>A QoS 1 or 2 delivery was queued.</summary>
    Delivered = 7,

    /// <summary>A delivery is over: acknowledged, dropped, expired or handed to somebody else.</summary>
    Settled = 8,

    /// <summary>PUBREC came: PUBREL is due.</summary>
    Released = 9,

    /// <summary>PUBREL came, or the publish was refused: the client may use the packet id again.</summary>
    PublishReleased = 10,

    // From here on only in snapshots.

    /// <summary>How far the numbers have got.</summary>
    Numbered = 128,

    /// <summary>How far a session has got, where its other records do not tell.</summary>
    Progressed = 129,

    /// <summary>A QoS 2 publish of the client waits for its PUBREL.</summary>
    PublishReceived = 130,

    /// <summary>Which events have been routed.</summary>
    Routed = 131,
}
