namespace TelemetryHub.Server.Feeds.WebSockets;

/// <summary>What is spoken on a WebSocket.</summary>
internal enum StreamProtocol : byte
{
    /// <summary>JSON lines in text messages.</summary>
    Json,

    /// <summary>The same as CBOR items in binary messages.</summary>
    Cbor,
}
