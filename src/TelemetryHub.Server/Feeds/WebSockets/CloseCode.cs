namespace TelemetryHub.Server.Feeds.WebSockets;

/// <summary>Every way a WebSocket of the hub ends, as its close frame says it (RFC 6455 §7.4, and from 4400 on the hub's own).</summary>
internal enum CloseCode : ushort
{
    /// <summary>It has not; never sent.</summary>
    None = 0,

    /// <summary>The peer asked for it, or its only subscription has ended in order.</summary>
    Normal = 1000,

    /// <summary>The other side goes away: the page was left. From the hub: the peer did not answer its pings.</summary>
    GoingAway = 1001,

    /// <summary>A frame against RFC 6455: not masked, reserved bits, a wrong opcode or length.</summary>
    ProtocolError = 1002,

    /// <summary>A binary message where the protocol speaks text, or the other way round.</summary>
    WrongKind = 1003,

    /// <summary>A close frame without a code; never sent.</summary>
    NoStatus = 1005,

    /// <summary>A text message that is not UTF-8.</summary>
    NotUtf8 = 1007,

    /// <summary>Too many errors; or a request that is wrong for good.</summary>
    PolicyViolation = 1008,

    /// <summary>A message of more than <c>Feeds:MaxFrameBytes</c>.</summary>
    TooLarge = 1009,

    /// <summary>The hub stops: come back.</summary>
    ServiceRestart = 1012,

    /// <summary>The hub has too much to do: come back later.</summary>
    TryAgainLater = 1013,

    /// <summary>Credentials are missing or have expired.</summary>
    Unauthorized = 4401,

    /// <summary>Not allowed, or not any more: do not come back with the same.</summary>
    Forbidden = 4403,

    /// <summary>Too slow, and it asked to be closed then (<c>overflow=close</c>).</summary>
    TooSlow = 4408,
}
