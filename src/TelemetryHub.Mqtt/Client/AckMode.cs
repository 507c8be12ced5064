namespace TelemetryHub.Mqtt.Client;

/// <summary>When a received QoS 1 or 2 message is acknowledged to the server.</summary>
public enum AckMode
{
    /// <summary>As soon as it is handed to <see cref="MqttClient.Messages"/>.</summary>
    Automatic,

    /// <summary>
    /// When the application calls <see cref="ReceivedMessage.AcknowledgeAsync"/>. Acks leave in the order in which the messages
    /// came (MQTT 5 §4.6), so an early ack waits for the ones before it.
    /// </summary>
    Manual,
}
