namespace TelemetryHub.Mqtt.Client;

/// <summary>Where a client stands with its server.</summary>
public enum MqttConnectionState
{
    /// <summary>No connection, and none is being made until <see cref="MqttClient.ConnectAsync"/> is called.</summary>
    Disconnected,

    /// <summary>The first connection is being made.</summary>
    Connecting,

    /// <summary>The server accepted the connection.</summary>
    Connected,

    /// <summary>The connection was lost; new ones are attempted as the reconnect policy says.</summary>
    Reconnecting,

    /// <summary>The client says goodbye.</summary>
    Disconnecting,
}
