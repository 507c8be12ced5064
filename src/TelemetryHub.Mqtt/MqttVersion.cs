namespace TelemetryHub.Mqtt;

/// <summary>The protocol versions spoken here; the value is the protocol level on the wire.</summary>
public enum MqttVersion : byte
{
    /// <summary>MQTT 3.1, protocol name <c>MQIsdp</c>.</summary>
    V31 = 3,

    /// <summary>MQTT 3.1.1.</summary>
    V311 = 4,

    /// <summary>MQTT 5.0.</summary>
    V5 = 5,
}
