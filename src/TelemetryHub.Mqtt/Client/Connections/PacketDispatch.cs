using TelemetryHub.Mqtt.Client.Sessions;
using TelemetryHub.Mqtt.Packets;
using TelemetryHub.Mqtt.Properties;

namespace TelemetryHub.Mqtt.Client.Connections;

/// <summary>Reads a packet and takes it where it belongs. Synchronous: packets are views of the receive buffer.</summary>
internal sealed class PacketDispatch(MqttClientOptions options, Connection connection, Publications publications, Inbox inbox)
{
    private readonly MqttVersion _version = options.Version;
    private readonly InboundTopics _topics = new(options.TopicAliasMaximum);

    public Incoming Take(PacketHeader header, ReadOnlySpan<byte> body)
    {
        var fault = header.CheckLength(_version);
        if (fault != ProtocolFault.None)
            return Violation(fault);
        switch (header.Type)
        {
            case PacketType.Publish:
                return TakePublish(header.Flags, body);
            case PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp:
                return TakeAck(header, body);
            case PacketType.SubAck:
                return TakeSubAck(header.Flags, body);
            case PacketType.UnsubAck:
                return TakeUnsubAck(header.Flags, body);
            case PacketType.PingResp:
                return body.IsEmpty ? default : Violation(ProtocolFault.TrailingBytes);
            case PacketType.Disconnect when _version == MqttVersion.V5:
                return new Incoming { End = DisconnectReading.ToEnd(header.Flags, body) };
            case PacketType.Auth when _version == MqttVersion.V5:
                return TakeAuth(header.Flags, body);
            default:
                return Violation(ReasonCode.ProtocolError); // a client's packet, or a second CONNACK
        }
    }

    public static Incoming Violation(ProtocolFault fault) => new() { End = FailedConnection.Violated(fault).End };

    private static Incoming Violation(ReasonCode reason) => new() { End = FailedConnection.Violated(reason).End };

    private Incoming TakePublish(byte flags, ReadOnlySpan<byte> body)
    {
        var fault = PublishPacket.TryRead(flags, body, _version, out var packet);
        if (fault != ProtocolFault.None)
            return Violation(fault);
        if (!_topics.TryResolve(packet, out var topic))
            return Violation(ReasonCode.TopicAliasInvalid);
        return inbox.TryAccept(packet, topic, out var message)
            ? new Incoming { Message = message }
            : Violation(ReasonCode.ReceiveMaximumExceeded);
    }

    private Incoming TakeAck(PacketHeader header, ReadOnlySpan<byte> body)
    {
        var fault = AckPacket.TryRead(header.Type, header.Flags, body, _version, out var ack);
        if (fault != ProtocolFault.None)
            return Violation(fault);
        var words = ack.Properties.IsEmpty ? null : ack.Properties.Text(PropertyId.ReasonString);
        var result = new PublishResult(ack.Reason, words);
        switch (header.Type)
        {
            case PacketType.PubAck:
                publications.OnPubAck(ack.PacketId, result);
                break;
            case PacketType.PubRec:
                publications.OnPubRec(ack.PacketId, result);
                break;
            case PacketType.PubComp:
                publications.OnPubComp(ack.PacketId, result);
                break;
            default:
                inbox.OnPubRel(ack.PacketId);
                break;
        }

        return default;
    }

    private Incoming TakeSubAck(byte flags, ReadOnlySpan<byte> body)
    {
        var fault = SubAckPacket.TryRead(flags, body, _version, out var ack);
        if (fault != ProtocolFault.None)
            return Violation(fault);
        return connection.Requests.TryAnswer(PacketType.SubAck, ack.PacketId, ack.Reasons, ack.Properties)
            ? default
            : Violation(ReasonCode.ProtocolError);
    }

    private Incoming TakeUnsubAck(byte flags, ReadOnlySpan<byte> body)
    {
        var fault = UnsubAckPacket.TryRead(flags, body, _version, out var ack);
        if (fault != ProtocolFault.None)
            return Violation(fault);
        return connection.Requests.TryAnswer(PacketType.UnsubAck, ack.PacketId, ack.Reasons, ack.Properties)
            ? default
            : Violation(ReasonCode.ProtocolError);
    }

    private static Incoming TakeAuth(byte flags, ReadOnlySpan<byte> body)
    {
        var fault = AuthPacket.TryRead(flags, body, MqttVersion.V5, out var auth);
        if (fault != ProtocolFault.None)
            return Violation(fault);
        var data = auth.Properties.TryGetBytes(PropertyId.AuthenticationData, out var bytes) ? bytes.ToArray() : [];
        return new Incoming { Auth = new AuthStep(auth.Reason, data) };
    }
}
