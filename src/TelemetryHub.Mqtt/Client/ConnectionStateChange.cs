namespace TelemetryHub.Mqtt.Client;

/// <summary>A step from one state to the next, in the order in which the steps happened.</summary>
public sealed class ConnectionStateChange(MqttConnectionState previous, MqttConnectionState state)
{
    public MqttConnectionState Previous { get; } = previous;

    public MqttConnectionState State { get; } = state;

    /// <summary>Why the connection, or the latest attempt to make one, ended; null while things go well.</summary>
    public ConnectionEnd? End { get; init; }

    /// <summary>What the server said when it accepted; for <see cref="MqttConnectionState.Connected"/>.</summary>
    public ConnectResult? Connected { get; init; }

    /// <summary>Until the next attempt; for <see cref="MqttConnectionState.Reconnecting"/>, which is announced once per attempt.</summary>
    public TimeSpan RetryIn { get; init; }

    /// <summary>Subscriptions that the server no longer grants after a reconnect without its session. They will not be asked for again.</summary>
    public IReadOnlyList<SubscriptionOutcome> LostSubscriptions { get; init; } = [];
}
