using TelemetryHub.Mqtt.Packets;

namespace TelemetryHub.Mqtt.Tests.Packets;

/// <summary>Reads a packet of whatever type.</summary>
internal static class AnyPacket
{
    /// <summary>Header and body of one whole packet, as a broker would: framing first, then the packet's own reader.</summary>
    public static ProtocolFault TryRead(ReadOnlySpan<byte> bytes, MqttVersion version, PacketSink sink)
    {
        var status = Framing.TryReadHeader(bytes, int.MaxValue, out var header, out var fault);
        if (status == ReadStatus.Malformed)
            return fault;
        if (status == ReadStatus.NeedMore || bytes.Length != header.TotalBytes)
            return ProtocolFault.Truncated;
        fault = header.CheckLength(version);
        return fault == ProtocolFault.None ? TryRead(header, bytes[header.HeaderBytes..], version, sink) : fault;
    }

    public static ProtocolFault TryRead(PacketHeader header, ReadOnlySpan<byte> body, MqttVersion version, PacketSink sink) =>
        header.Type switch
        {
            PacketType.Connect => sink.Take(
                ConnectPacket.TryRead(header.Flags, body, out var packet), packet, version, static (p, o, _) => p.Write(o), PacketText.Of),
            PacketType.ConnAck => sink.Take(
                ConnAckPacket.TryRead(header.Flags, body, version, out var packet),
                packet, version, static (p, o, v) => p.Write(o, v), PacketText.Of),
            PacketType.Publish => sink.Take(
                PublishPacket.TryRead(header.Flags, body, version, out var packet),
                packet, version, static (p, o, v) => p.Write(o, v), PacketText.Of),
            PacketType.Subscribe => sink.Take(
                SubscribePacket.TryRead(header.Flags, body, version, out var packet),
                packet, version, static (p, o, v) => p.Write(o, v), PacketText.Of),
            PacketType.SubAck => sink.Take(
                SubAckPacket.TryRead(header.Flags, body, version, out var packet),
                packet, version, static (p, o, v) => p.Write(o, v), PacketText.Of),
            PacketType.Unsubscribe => sink.Take(
                UnsubscribePacket.TryRead(header.Flags, body, version, out var packet),
                packet, version, static (p, o, v) => p.Write(o, v), PacketText.Of),
            PacketType.UnsubAck => sink.Take(
                UnsubAckPacket.TryRead(header.Flags, body, version, out var packet),
                packet, version, static (p, o, v) => p.Write(o, v), PacketText.Of),
            PacketType.Disconnect => sink.Take(
                DisconnectPacket.TryRead(header.Flags, body, version, out var packet),
                packet, version, static (p, o, v) => p.Write(o, v), PacketText.Of),
            PacketType.Auth => sink.Take(
                AuthPacket.TryRead(header.Flags, body, version, out var packet),
                packet, version, static (p, o, v) => p.Write(o, v), PacketText.Of),
            PacketType.PingReq => sink.Take(
                PingPacket.TryRead(header.Flags, body), 0, version, static (_, o, _) => PingPacket.WriteRequest(o), static _ => "ping"),
            PacketType.PingResp => sink.Take(
                PingPacket.TryRead(header.Flags, body), 0, version, static (_, o, _) => PingPacket.WriteResponse(o), static _ => "pong"),
            _ => sink.Take(
                AckPacket.TryRead(header.Type, header.Flags, body, version, out var packet),
                packet, version, static (p, o, v) => p.Write(o, v), PacketText.Of),
        };
}
