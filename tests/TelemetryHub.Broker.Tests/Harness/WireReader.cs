using System.Text;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Packets;
using TelemetryHub.Mqtt.Properties;

namespace TelemetryHub.Broker.Tests.Harness;

/// <summary>Decodes what a broker sends. Anything that the codec calls wrong fails the test.</summary>
internal static class WireReader
{
    private const int NoLimit = int.MaxValue;

    /// <summary>The packet at the front of <paramref name="bytes"/>; null when it is not whole.</summary>
    public static WirePacket? TryRead(ReadOnlySpan<byte> bytes, MqttVersion version)
    {
        var status = Framing.TryReadHeader(bytes, NoLimit, out var header, out var fault);
        status.ShouldNotBe(ReadStatus.Malformed, $"the broker sent something wrong: {fault}");
        if (status == ReadStatus.NeedMore || bytes.Length < header.TotalBytes)
            return null;
        fault = Read(header, bytes[header.HeaderBytes..header.TotalBytes], version, out var packet);
        fault.ShouldBe(ProtocolFault.None, $"the broker sent a wrong {header.Type}");
        return packet! with { TotalBytes = header.TotalBytes };
    }

    private static ProtocolFault Read(PacketHeader header, ReadOnlySpan<byte> body, MqttVersion version, out WirePacket? packet)
    {
        switch (header.Type)
        {
            case PacketType.ConnAck:
                return ReadConnAck(header, body, version, out packet);
            case PacketType.Publish:
                return ReadPublish(header, body, version, out packet);
            case PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp:
                var fault = AckPacket.TryRead(header.Type, header.Flags, body, version, out var ack);
                packet = new WirePacket(header.Type) { PacketId = ack.PacketId, Reason = ack.Reason, RawProperties = Copy(ack.Properties) };
                return fault;
            case PacketType.SubAck:
                fault = SubAckPacket.TryRead(header.Flags, body, version, out var subAck);
                packet = new WirePacket(header.Type) { PacketId = subAck.PacketId, Reasons = subAck.Reasons.ToArray(), RawProperties = Copy(subAck.Properties) };
                return fault;
            case PacketType.UnsubAck:
                fault = UnsubAckPacket.TryRead(header.Flags, body, version, out var unsubAck);
                packet = new WirePacket(header.Type) { PacketId = unsubAck.PacketId, Reasons = unsubAck.Reasons.ToArray(), RawProperties = Copy(unsubAck.Properties) };
                return fault;
            case PacketType.PingResp:
                packet = new WirePacket(header.Type);
                return PingPacket.TryRead(header.Flags, body);
            case PacketType.Disconnect:
                fault = DisconnectPacket.TryRead(header.Flags, body, version, out var disconnect);
                packet = new WirePacket(header.Type) { Reason = disconnect.Reason, RawProperties = Copy(disconnect.Properties) };
                return fault;
            case PacketType.Auth:
                fault = AuthPacket.TryRead(header.Flags, body, version, out var auth);
                packet = new WirePacket(header.Type) { Reason = auth.Reason, RawProperties = Copy(auth.Properties) };
                return fault;
            default:
                packet = null;
                return ProtocolFault.UnexpectedPacket;
        }
    }

    private static ProtocolFault ReadConnAck(PacketHeader header, ReadOnlySpan<byte> body, MqttVersion version, out WirePacket packet)
    {
        var fault = ConnAckPacket.TryRead(header.Flags, body, version, out var read);
        packet = new WirePacket(PacketType.ConnAck) { IsPresent = read.SessionPresent, Reason = read.Reason, RawProperties = Copy(read.Properties) };
        return fault;
    }

    private static ProtocolFault ReadPublish(PacketHeader header, ReadOnlySpan<byte> body, MqttVersion version, out WirePacket packet)
    {
        var fault = PublishPacket.TryRead(header.Flags, body, version, out var read);
        packet = new WirePacket(PacketType.Publish)
        {
            Topic = Encoding.UTF8.GetString(read.Topic),
            Payload = read.Payload.ToArray(),
            PacketId = read.PacketId,
            QoS = read.QoS,
            Dup = read.Dup,
            Retain = read.Retain,
            RawProperties = Copy(read.Properties),
        };
        return fault;
    }

    private static byte[] Copy(PropertyList properties) => properties.Raw.ToArray();
}
