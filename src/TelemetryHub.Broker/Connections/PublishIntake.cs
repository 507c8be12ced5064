using System.Text.Unicode;
using TelemetryHub.Broker.Operation;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Log;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Packets;
using TelemetryHub.Mqtt.Properties;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Broker.Connections;

/// <summary>The publishes of one client: from the packet to the log, and the answers that are due to the client. Owned by its connection.</summary>
internal sealed class PublishIntake(Connection connection, MqttBroker broker)
{
    private Topic?[]? _aliases;
    private Topic? _lastTopic;

    /// <summary>
    /// Takes a PUBLISH. False when the log is full: nothing was taken, the same packet must be offered again once there is space.
    /// </summary>
    public bool TryTake(in PublishPacket packet)
    {
        if (!ReferenceEquals(connection.Session.Connection, connection))
            return true; // taken over: the client says it again to the successor, if it was worth an acknowledgement
        // First of all: also a packet that is not published again may set an alias for those after it.
        if (Resolve(packet) is not { } topic)
            return true; // closed with the reason
        if (packet.QoS == QoS.ExactlyOnce && IsKnown(packet.PacketId))
            return true;
        if (IsOverReceiveMaximum(packet.QoS))
        {
            connection.Close(DisconnectCause.ProtocolError, ReasonCode.ReceiveMaximumExceeded);
            return true;
        }
        var refusal = Check(packet, topic);
        if (refusal != ReasonCode.Success)
        {
            Refuse(packet, refusal);
            return true;
        }
        switch (broker.Append(ToEvent(packet, topic), connection, out var ticket))
        {
            case AppendResult.Full:
                return false;
            case AppendResult.Refused:
                broker.Statistics.Drop(DropReason.LogRefused);
                Refuse(packet, ReasonCode.QuotaExceeded);
                return true;
            default:
                Acknowledge(packet, topic, ticket);
                return true;
        }
    }

    /// <summary>Tells the client that a publish was not taken: the answer to it would have been of this type.</summary>
    /// <remarks>
    /// MQTT 3 has no negative acknowledgement. What is the hub's own ($SYS) is acknowledged and dropped;
    /// anything else ends the connection, because an acknowledgement would claim that the message is kept.
    /// </remarks>
    public void Refuse(PacketType type, ushort packetId, ReasonCode reason)
    {
        if (type == PacketType.PubRec)
            connection.Session.Received.Release(packetId, out _);
        if (connection.Version == MqttVersion.V5)
            connection.Answer(type, packetId, reason);
        else if (reason == ReasonCode.TopicNameInvalid)
            connection.Answer(type, packetId, ReasonCode.Success);
        else
            connection.Close(DisconnectCause.PublishRefused, reason);
    }

    // The topic of the packet; null when the connection is being closed for it.
    private Topic? Resolve(in PublishPacket packet)
    {
        var topic = packet.Topic.IsEmpty ? null : Intern(packet.Topic);
        if (topic is null && !packet.Topic.IsEmpty)
            return null;
        if (packet.Properties.IsEmpty)
            return topic;
        // MQTT 5 §3.3.4: only the hub tells which subscriptions match.
        if (packet.Properties.TryGetNumber(PropertyId.SubscriptionIdentifier, out _))
            return CloseFor(ReasonCode.ProtocolError);
        if (!packet.Properties.TryGetNumber(PropertyId.TopicAlias, out var alias))
            return topic;
        if (alias > broker.Options.TopicAliasMaximum)
            return CloseFor(ReasonCode.TopicAliasInvalid);
        _aliases ??= new Topic?[broker.Options.TopicAliasMaximum + 1];
        if (topic is not null)
            return _aliases[alias] = topic;
        // MQTT 5 §3.3.2.3.4: an alias that was never set is a protocol error.
        return _aliases[alias] is { } aliased ? _aliases[alias] = broker.Topics.IsCurrent(aliased) ? aliased : broker.Topics.Get(aliased.Name) : CloseFor(ReasonCode.ProtocolError);
    }

    private Topic? Intern(ReadOnlySpan<byte> name)
    {
        // Most clients publish to the same topic again and again.
        if (_lastTopic is { } last && name.SequenceEqual(last.Name.Utf8) && broker.Topics.IsCurrent(last))
            return last;
        if (name.Length > broker.Options.MaxTopicBytes || TooManyLevels(name))
            return CloseFor(ReasonCode.TopicNameInvalid);
        return _lastTopic = broker.Topics.Get(name);
    }

    private bool TooManyLevels(ReadOnlySpan<byte> name) => name.Count((byte)'/') >= broker.Options.MaxTopicLevels;

    private Topic? CloseFor(ReasonCode reason)
    {
        connection.Close(DisconnectCause.ProtocolError, reason);
        return null;
    }

    private ReasonCode Check(in PublishPacket packet, Topic topic)
    {
        if (ReservedTopics.Contains(topic.Name.Utf8))
        {
            broker.Statistics.Drop(DropReason.ReservedTopic);
            return ReasonCode.TopicNameInvalid;
        }
        if (!broker.Access.MayPublish(connection.Session.Principal, topic.Name))
        {
            broker.Statistics.Drop(DropReason.NotAuthorized);
            return ReasonCode.NotAuthorized;
        }
        if (packet.Retain && packet.Payload.Length > 0 && broker.Router.RetainedBytes >= broker.Options.MaxRetainedBytes)
        {
            broker.Statistics.Drop(DropReason.RetainedFull);
            return ReasonCode.QuotaExceeded;
        }
        if (broker.Options.ValidatePayloadFormat && IsWronglyCalledText(packet))
            return ReasonCode.PayloadFormatInvalid;
        return ReasonCode.Success;
    }

    private static bool IsWronglyCalledText(in PublishPacket packet) =>
        !packet.Properties.IsEmpty && packet.Properties.TryGetNumber(PropertyId.PayloadFormatIndicator, out var format) && format == 1 && !Utf8.IsValid(packet.Payload);

    private Event ToEvent(in PublishPacket packet, Topic topic)
    {
        var now = connection.ReceivedAt;
        var expiresAt = 0L;
        byte[]? properties = null;
        if (!packet.Properties.IsEmpty)
            properties = ForwardedProperties.From(packet.Properties, now, out expiresAt);
        return new Event
        {
            Topic = topic,
            Payload = packet.Payload.ToArray(),
            Publisher = connection.Session.Principal,
            Properties = properties,
            QoS = packet.QoS,
            Retain = packet.Retain,
            Time = now,
            ExpiresAt = expiresAt,
            Session = packet.QoS == QoS.ExactlyOnce ? connection.Session.Received.Publisher : 0,
            PacketId = packet.PacketId,
        };
    }

    private void Acknowledge(in PublishPacket packet, Topic topic, long ticket)
    {
        if (packet.QoS == QoS.AtMostOnce)
            return;
        if (packet.QoS == QoS.ExactlyOnce)
            connection.Session.Received.Add(packet.PacketId, ticket);
        var type = packet.QoS == QoS.AtLeastOnce ? PacketType.PubAck : PacketType.PubRec;
        var reason = connection.Version == MqttVersion.V5 && !broker.Router.HasSubscribers(topic) ? ReasonCode.NoMatchingSubscribers : ReasonCode.Success;
        connection.Answers.Add(ticket, type, packet.PacketId, reason);
    }

    // MQTT 5 §4.3.3: an id that waits for PUBREL is the same message, whatever its DUP flag says; it is not published again, and
    // acknowledged once it is kept. What the log could not keep was refused, perhaps to a connection that is gone: it is a new one.
    private bool IsKnown(ushort packetId)
    {
        if (!connection.Session.Received.Contains(packetId, out var ticket) || broker.Log.State(ticket) == KeptState.Refused)
            return false;
        connection.Answers.Add(ticket, PacketType.PubRec, packetId, ReasonCode.Success);
        return true;
    }

    // MQTT 5 §3.3.4: the limit is announced in CONNACK; MQTT 3 clients have none but the packet ids.
    private bool IsOverReceiveMaximum(QoS qos) =>
        qos != QoS.AtMostOnce && connection.Version == MqttVersion.V5 && connection.Answers.PubAckCount + connection.Session.Received.Count >= broker.Options.ReceiveMaximum;

    private void Refuse(in PublishPacket packet, ReasonCode reason)
    {
        if (packet.QoS != QoS.AtMostOnce)
            Refuse(packet.QoS == QoS.AtLeastOnce ? PacketType.PubAck : PacketType.PubRec, packet.PacketId, reason);
    }
}
