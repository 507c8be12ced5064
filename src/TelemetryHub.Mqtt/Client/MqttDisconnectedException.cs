namespace TelemetryHub.Mqtt.Client;

/// <summary>There is no connection, it was lost before the answer came, or it could not be made.</summary>
public sealed class MqttDisconnectedException : MqttException
{
    internal MqttDisconnectedException(string message)
        : base(message)
    {
    }

    internal MqttDisconnectedException(string message, ConnectionEnd end)
        : base($"{message}: {end.Describe()}", end.Error) => End = end;

    /// <summary>How the connection ended, when there was one.</summary>
    public ConnectionEnd? End { get; }
}
