namespace TelemetryHub.Server.Feeds.WebSockets.Frames;

/// <summary>What a frame is (RFC 6455 §5.2). From 8 on: control frames.</summary>
internal enum Opcode : byte
{
    /// <summary>Goes on with the message of the frame before.</summary>
    Continuation = 0,

    /// <summary>UTF-8.</summary>
    Text = 1,

    /// <summary>Bytes.</summary>
    Binary = 2,

    /// <summary>The last frame of its sender.</summary>
    Close = 8,

    /// <summary>Asks for a pong with the same bytes.</summary>
    Ping = 9,

    /// <summary>Answers a ping.</summary>
    Pong = 10,
}
