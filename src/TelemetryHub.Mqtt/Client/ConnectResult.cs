namespace TelemetryHub.Mqtt.Client;

/// <summary>What the server said in CONNACK. For MQTT 3.x everything but the first two has its default.</summary>
public sealed record ConnectResult
{
    /// <summary>The server still knew the session: its subscriptions, and the messages in flight.</summary>
    public bool SessionPresent { get; init; }

    public ReasonCode Reason { get; init; }

    /// <summary>The client id in use: the server's when it assigned one, otherwise the client's own.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>How long the server keeps the session after a disconnect; uint.MaxValue means for ever.</summary>
    public uint SessionExpirySeconds { get; init; }

    /// <summary>How many QoS 1 and 2 publishes may be unacknowledged at a time.</summary>
    public ushort ReceiveMaximum { get; init; } = ushort.MaxValue;

    public QoS MaximumQoS { get; init; } = QoS.ExactlyOnce;

    public bool RetainAvailable { get; init; } = true;

    /// <summary>The largest packet that the server takes.</summary>
    public uint MaximumPacketBytes { get; init; } = uint.MaxValue;

    public ushort TopicAliasMaximum { get; init; }

    /// <summary>The keep-alive in force: the server's when it set one, otherwise the client's own. Zero means none.</summary>
    public TimeSpan KeepAlive { get; init; }

    public bool WildcardSubscriptionsAvailable { get; init; } = true;

    public bool SubscriptionIdentifiersAvailable { get; init; } = true;

    public bool SharedSubscriptionsAvailable { get; init; } = true;

    /// <summary>A base for response topics, when asked for by <see cref="MqttClientOptions.RequestResponseInformation"/>.</summary>
    public string? ResponseInformation { get; init; }

    public string? ServerReference { get; init; }

    public string? ReasonString { get; init; }

    public IReadOnlyList<UserProperty> UserProperties { get; init; } = [];
}
