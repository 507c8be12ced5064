namespace TelemetryHub.Mqtt.Client;

/// <summary>What carries the packets.</summary>
public enum MqttTransport
{
    /// <summary>mqtt://, port 1883.</summary>
    Tcp,

    /// <summary>mqtts://, port 8883.</summary>
    Tls,

    /// <summary>ws://, port 80.</summary>
    WebSocket,

    /// <summary>wss://, port 443.</summary>
    SecureWebSocket,
}
