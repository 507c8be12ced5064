namespace TelemetryHub.Mqtt.Client;

/// <summary>A name and a value that MQTT 5 carries without looking at them. Names may repeat.</summary>
public readonly record struct UserProperty(string Name, string Value);
