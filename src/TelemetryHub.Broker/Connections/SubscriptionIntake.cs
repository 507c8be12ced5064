using System.Buffers;
using TelemetryHub.Core.Routing;
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
        var count = 0;
        foreach (var entry in packet.Entries)
            reasons[count++] = (byte)SubscribeOne(connection, broker, entry, identifier);
        new SubAckPacket { PacketId = packet.PacketId, Reasons = ForVersion(reasons[..count], connection.Version) }.Write(connection.Control, connection.Version);
    }

    public static void Unsubscribe(Connection connection, MqttBroker broker, in UnsubscribePacket packet)
    {
        Span<byte> reasons = packet.Entries.Count <= 64 ? stackalloc byte[64] : new byte[packet.Entries.Count];
        var count = 0;
        foreach (var filter in packet.Entries)
            reasons[count++] = (byte)UnsubscribeOne(connection, broker, filter);
        if (connection.Version != MqttVersion.V5)
            count = 0; // MQTT 3: the acknowledgement says nothing
        new UnsubAckPacket { PacketId = packet.PacketId, Reasons = reasons[..count] }.Write(connection.Control, connection.Version);
    }

    private static ReasonCode SubscribeOne(Connection connection, MqttBroker broker, in SubscriptionEntry entry, uint identifier)
    {
        var session = connection.Session;
        if (!TopicFilter.TryParse(entry.Filter, out var filter))
            return ReasonCode.TopicFilterInvalid;
        if (entry.Filter.Length > broker.Options.MaxTopicBytes || filter.Levels > broker.Options.MaxTopicLevels)
            return ReasonCode.QuotaExceeded;
        if (!broker.Access.MaySubscribe(session.Principal, filter))
            return ReasonCode.NotAuthorized;
        var subscription = new Subscription
        {
            Target = session,
            Filter = filter,
            MaxQoS = entry.QoS,
            NoLocal = entry.NoLocal || connection.Settings.IsBridge,
            // MQTT 3 has no such option; bridges need the flag to keep retained messages retained.
            RetainAsPublished = entry.RetainAsPublished || connection.Settings.IsBridge,
            RetainHandling = (RetainHandling)entry.RetainHandling,
            Identifier = identifier,
        };
        if (!session.TryAddSubscription(subscription, out var replaced))
            return ReasonCode.QuotaExceeded;
        broker.Router.Subscribe(subscription, replaced);
        if (session.IsEnding)
            broker.Router.Unsubscribe([subscription]); // taken over by a clean start meanwhile: nobody would ever remove it
        return (ReasonCode)entry.QoS;
    }

    private static ReasonCode UnsubscribeOne(Connection connection, MqttBroker broker, ReadOnlySpan<byte> bytes)
    {
        if (!TopicFilter.TryParse(bytes, out var filter))
            return ReasonCode.TopicFilterInvalid;
        if (connection.Session.RemoveSubscription(filter) is not { } removed)
            return ReasonCode.NoSubscriptionExisted;
        broker.Router.Unsubscribe([removed]);
        return ReasonCode.Success;
    }

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
