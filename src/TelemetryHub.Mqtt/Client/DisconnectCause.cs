namespace TelemetryHub.Mqtt.Client;

/// <summary>Every way in which a connection, or the attempt to make one, ends.</summary>
public enum DisconnectCause
{
    /// <summary>The application called <see cref="MqttClient.DisconnectAsync"/> or disposed the client.</summary>
    Requested,

    /// <summary>The server sent DISCONNECT; its reason and properties are in the <see cref="ConnectionEnd"/>.</summary>
    ServerDisconnected,

    /// <summary>The server closed the connection without a word.</summary>
    ConnectionClosed,

    /// <summary>The network failed: could not connect, reset, TLS refused.</summary>
    TransportFailed,

    /// <summary>The connection was not established in time.</summary>
    ConnectTimedOut,

    /// <summary>The server did not answer a ping in time.</summary>
    KeepAliveTimedOut,

    /// <summary>The server sent something that MQTT does not allow; see <see cref="ConnectionEnd.Fault"/>.</summary>
    ProtocolViolated,

    /// <summary>The server refused the connection by CONNACK.</summary>
    Refused,

    /// <summary>Enhanced authentication failed on this side: the server could not prove who it is, or asked for nonsense.</summary>
    AuthenticationFailed,

    /// <summary>A bug: of the client, or of what the application gave it to call. The exception is in the <see cref="ConnectionEnd"/>.</summary>
    ClientFailed,
}
