using System.Buffers;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Packets;
using TelemetryHub.Mqtt.Properties;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Broker.Connections;

/// <summary>SUBSCRIBE and UNSUBSCRIBE of one client. Stateless; every filter is answered in its place.</summary>
internal static class SubscriptionIntake
{
    public static void Subscribe(Connection connection, MqttBroker broker, in SubscribePacket packet)
    {
        packet.Properties.TryGetNumber(PropertyId.SubscriptionIdentifier, out var identifier);
        Span<byte> reasons = packet.Entries.Count <= 64 ? stackalloc byte[64] : new byte[packet.Entries.Count];
        var round = new SubscribeRound(connection, broker, identifier);
        var count = 0;
        foreach (var entry in packet.Entries)
            reasons[count++] = (byte)round.Subscribe(entry);
        var answer = new ArrayBufferWriter<byte>();
        new SubAckPacket { PacketId = packet.PacketId, Reasons = ForVersion(reasons[..count], connection.Version) }.Write(answer, connection.Version);
        connection.Answers.Add(RecordedUpTo(connection), PacketType.SubAck, answer.WrittenSpan);
    }

    public static void Unsubscribe(Connection connection, MqttBroker broker, in UnsubscribePacket packet)
    {
        Span<byte> reasons = packet.Entries.Count <= 64 ? stackalloc byte[64] : new byte[packet.Entries.Count];
        var count = 0;
        foreach (var filter in packet.Entries)
            reasons[count++] = (byte)UnsubscribeOne(connection, broker, filter);
        if (connection.Version != MqttVersion.V5)
            count = 0; // MQTT 3: the acknowledgement says nothing
        var answer = new ArrayBufferWriter<byte>();
        new UnsubAckPacket { PacketId = packet.PacketId, Reasons = reasons[..count] }.Write(answer, connection.Version);
        connection.Answers.Add(RecordedUpTo(connection), PacketType.UnsubAck, answer.WrittenSpan);
    }

    private static ReasonCode UnsubscribeOne(Connection connection, MqttBroker broker, ReadOnlySpan<byte> bytes)
    {
        if (!TopicFilter.TryParse(bytes, out var filter))
            return ReasonCode.TopicFilterInvalid;
        if (connection.Session.Subscriptions.Remove(filter) is not { } removed)
            return ReasonCode.NoSubscriptionExisted;
        broker.Router.Unsubscribe([removed]);
        connection.Session.KeptLedger?.Unsubscribed(filter);
        return ReasonCode.Success;
    }

    // The retained messages that a subscription brings are recorded right behind it: the answer is for both.
    private static long RecordedUpTo(Connection connection) => connection.Session.KeptLedger?.LastTicket ?? 0;

    // MQTT 3.1.1 §3.9.3 knows one failure only.
    private static Span<byte> ForVersion(Span<byte> reasons, MqttVersion version)
    {
        if (version == MqttVersion.V5)
            return reasons;
        foreach (ref var reason in reasons)
        {
            if (reason >= (byte)ReasonCode.UnspecifiedError)
                reason = (byte)ReasonCode.UnspecifiedError;
        }
        return reasons;
    }
}
