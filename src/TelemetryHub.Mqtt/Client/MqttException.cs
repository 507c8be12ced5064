namespace TelemetryHub.Mqtt.Client;

/// <summary>The base of what the client throws about MQTT.</summary>
public class MqttException : Exception
{
    public MqttException()
    {
    }

    public MqttException(string message)
        : base(message)
    {
    }

    public MqttException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
