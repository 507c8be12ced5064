namespace TelemetryHub.Server.Feeds.WebSockets.Frames;

/// <summary>What a <see cref="FrameReader"/> found.</summary>
internal enum Received : byte
{
    /// <summary>Nothing whole: more bytes are needed.</summary>
    Nothing,

    /// <summary>A part of a message of which more is to come.</summary>
    Part,

    /// <summary>A whole text message, valid UTF-8.</summary>
    Text,

    /// <summary>A whole binary message.</summary>
    Binary,

    /// <summary>A ping, to be answered with the same bytes.</summary>
    Ping,

    /// <summary>An answer to a ping.</summary>
    Pong,

    /// <summary>The peer's last frame.</summary>
    Close,

    /// <summary>Something against the protocol: the connection must be closed with <see cref="FrameReader.CloseCode"/>.</summary>
    Fault,
}
