namespace TelemetryHub.Broker.Links;

/// <summary>Every way a network connection ends, as seen from below the protocol.</summary>
public enum LinkEnd : byte
{
    /// <summary>The peer closed or half-closed its side.</summary>
    PeerClosed,

    /// <summary>The peer reset the connection, or the network did.</summary>
    Reset,

    /// <summary>The handler asked for it.</summary>
    Closed,

    /// <summary>The hub cut it at once, without sending what was waiting.</summary>
    Aborted,

    /// <summary>What arrived could not be framed by the transport (TLS, WebSocket, PROXY header).</summary>
    TransportFault,
}
