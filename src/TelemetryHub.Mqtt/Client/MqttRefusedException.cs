namespace TelemetryHub.Mqtt.Client;

/// <summary>The server refused a connection, or announced limits that forbid what was asked.</summary>
public sealed class MqttRefusedException : MqttException
{
    public MqttRefusedException(ReasonCode reason, string message)
        : base(message) => Reason = reason;

    internal MqttRefusedException(ConnectResult result)
        : this(result.Reason, $"The server refused the connection: {result.Reason}{(result.ReasonString is { } words ? $" ({words})" : "")}.") =>
        Result = result;

    /// <summary>Why.</summary>
    public ReasonCode Reason { get; }

    /// <summary>Everything that the refusing CONNACK said; null when it was not a CONNACK.</summary>
    public ConnectResult? Result { get; }
}
