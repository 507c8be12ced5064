namespace TelemetryHub.Mqtt.Client.Authentication;

/// <summary>This side does not accept what the server said during enhanced authentication.</summary>
public sealed class MqttAuthenticationException : MqttException
{
    public MqttAuthenticationException()
    {
    }

    public MqttAuthenticationException(string message)
        : base(message)
    {
    }

    public MqttAuthenticationException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
