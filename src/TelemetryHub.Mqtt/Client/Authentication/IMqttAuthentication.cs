namespace TelemetryHub.Mqtt.Client.Authentication;

/// <summary>A method of MQTT 5's enhanced authentication (§4.12).</summary>
public interface IMqttAuthentication
{
    /// <summary>The method's name, as the server knows it.</summary>
    string Method { get; }

    /// <summary>Starts a conversation: once per connection, and once per re-authentication.</summary>
    IAuthenticationConversation Begin();
}
