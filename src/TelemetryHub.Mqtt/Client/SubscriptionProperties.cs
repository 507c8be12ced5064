namespace TelemetryHub.Mqtt.Client;

/// <summary>What MQTT 5 can add to SUBSCRIBE and UNSUBSCRIBE.</summary>
public sealed record SubscriptionProperties
{
    /// <summary>Comes back with every message that these filters match (1 to 268,435,455); 0 for none. SUBSCRIBE only.</summary>
    public uint Identifier { get; init; }

    public IReadOnlyList<UserProperty> UserProperties { get; init; } = [];
}
