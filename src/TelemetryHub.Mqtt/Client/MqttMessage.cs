using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Mqtt.Client;

/// <summary>
/// A message to publish. It may be published many times and by many clients at once. The payload's bytes are not copied before they
/// are written: leave them alone until the publish has completed.
/// </summary>
public sealed record MqttMessage
{
    public required TopicName Topic { get; init; }

    public ReadOnlyMemory<byte> Payload { get; init; }

    public QoS QoS { get; init; }

    public bool Retain { get; init; }

    /// <summary>MQTT 5 only: not sent to servers of an older version.</summary>
    public MessageProperties? Properties { get; init; }
}
