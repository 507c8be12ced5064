namespace TelemetryHub.Broker.Links;

/// <summary>The transports that carry MQTT.</summary>
public enum LinkTransport : byte
{
    /// <summary>Plain TCP.</summary>
    Tcp,

    /// <summary>TLS over TCP.</summary>
    Tls,

    /// <summary>MQTT in binary WebSocket frames.</summary>
    WebSocket,
}
