namespace TelemetryHub.Mqtt.Client;

/// <summary>
/// What becomes of publishes that were sent but not acknowledged when the server no longer knows the session. A QoS 2 publish whose
/// PUBREC had arrived is complete under either policy: the server had taken it over.
/// </summary>
public enum SessionLossPolicy
{
    /// <summary>They are published anew, under new packet ids; the server may have seen them before.</summary>
    PublishAgain,

    /// <summary>They fail with <see cref="MqttDisconnectedException"/>, and the application decides.</summary>
    Fail,
}
