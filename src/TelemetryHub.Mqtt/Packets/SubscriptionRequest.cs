using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Mqtt.Packets;

/// <summary>One filter to subscribe to, with its options. Before MQTT 5 only the QoS is sent.</summary>
/// <param name="Filter">What to subscribe to.</param>
/// <param name="QoS">The highest QoS wanted.</param>
/// <param name="NoLocal">Not what this client publishes itself. Not for shared subscriptions.</param>
/// <param name="RetainAsPublished">Keep the retain flag as the publisher set it.</param>
/// <param name="RetainHandling">Retained messages: 0 send, 1 send only when the subscription is new, 2 do not send.</param>
public readonly record struct SubscriptionRequest(
    TopicFilter Filter,
    QoS QoS,
    bool NoLocal = false,
    bool RetainAsPublished = false,
    byte RetainHandling = 0);
