using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Mqtt.Client;

/// <summary>What the server publishes in the client's name when it is lost without a goodbye.</summary>
public sealed record MqttWill
{
    public required TopicName Topic { get; init; }

    public ReadOnlyMemory<byte> Payload { get; init; }

    public QoS QoS { get; init; }

    public bool Retain { get; init; }

    /// <summary>MQTT 5: how long the server waits for the client to come back.</summary>
    public uint DelaySeconds { get; init; }

    /// <summary>MQTT 5 only.</summary>
    public MessageProperties? Properties { get; init; }

    internal void Validate()
    {
        if (Topic.IsEmpty)
            throw new ArgumentException("The will needs a topic.", "Will.Topic");
        if (Payload.Length > ushort.MaxValue)
            throw new ArgumentException("The will's payload has at most 65,535 bytes.", "Will.Payload");
        if (QoS > QoS.ExactlyOnce)
            throw new ArgumentOutOfRangeException("Will.QoS", QoS, "QoS is 0, 1 or 2.");
    }
}
