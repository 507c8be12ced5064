using TelemetryHub.Mqtt.Packets;
using TelemetryHub.Mqtt.Properties;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Mqtt.Client.Connections;

/// <summary>The way out for publishes on one connection: its outbox, and what its server announced to take.</summary>
internal sealed class Outlet(Outbox outbox, ConnectResult limits, MqttVersion version)
{
    /// <summary>How many QoS 1 and 2 exchanges the server has open at a time.</summary>
    public int ReceiveMaximum => limits.ReceiveMaximum;

    /// <exception cref="MqttRefusedException">The server said beforehand that it does not take such a message.</exception>
    public WriteOutcome Send(MqttMessage message, ushort id, bool dup)
    {
        if (message.QoS > limits.MaximumQoS)
            throw Refusal(ReasonCode.QoSNotSupported);
        if (message.Retain && !limits.RetainAvailable)
            throw Refusal(ReasonCode.RetainNotSupported);
        var properties = version == MqttVersion.V5 && message.Properties is { } carried ? carried.Encoded : default;
        return Send(
            new PublishPacket
            {
                Dup = dup,
                QoS = message.QoS,
                Retain = message.Retain,
                Topic = message.Topic.Utf8,
                PacketId = id,
                Properties = PropertyList.FromValidated(properties),
                Payload = message.Payload.Span,
            },
            message.Topic);
    }

    /// <inheritdoc cref="Send(MqttMessage, ushort, bool)"/>
    public WriteOutcome Send(TopicName topic, ReadOnlySpan<byte> payload, bool retain)
    {
        if (retain && !limits.RetainAvailable)
            throw Refusal(ReasonCode.RetainNotSupported);
        return Send(new PublishPacket { Topic = topic.Utf8, Payload = payload, Retain = retain }, topic);
    }

    public void Release(ushort id, ReasonCode reason = ReasonCode.Success) => outbox.WriteAck(PacketType.PubRel, id, reason);

    private WriteOutcome Send(in PublishPacket packet, TopicName topic)
    {
        var outcome = outbox.TryPublish(packet, topic);
        return outcome == WriteOutcome.TooLarge ? throw Refusal(ReasonCode.PacketTooLarge) : outcome;
    }

    private static MqttRefusedException Refusal(ReasonCode reason) =>
        new(reason, $"The server announced that it would not take this message: {reason}.");
}
