using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Packets;

namespace TelemetryHub.Broker.Connections;

/// <summary>
/// Cuts what a client sends into packets and brings each to whoever knows it: before it is connected the handshake, PUBLISH the
/// publishes, anything else <see cref="PacketIntake"/>. Owned by its connection.
/// </summary>
internal sealed class Intake(Connection connection, MqttBroker broker)
{
    private int _packets, _publishes;
    private long _payloadBytes;

    /// <summary>The publishes of the client.</summary>
    public PublishIntake Publishes { get; } = new(connection, broker);

    /// <summary>How many bytes must stand in the buffer before there is another packet to take.</summary>
    public int NeededBytes { get; private set; } = 1;

    /// <summary>Takes whole packets from the front, until one cannot be taken now; returns how many bytes they had.</summary>
    public int Take(ReadOnlySpan<byte> bytes, out int publishes)
    {
        (_packets, _publishes, _payloadBytes) = (0, 0, 0);
        var used = 0;
        while (used < bytes.Length && connection.TakesPackets && TryTakePacket(bytes[used..], out var packetBytes))
            used += packetBytes;
        broker.Statistics.Receive(used, _packets, _publishes, _payloadBytes);
        publishes = _publishes;
        return used;
    }

    private bool TryTakePacket(ReadOnlySpan<byte> bytes, out int packetBytes)
    {
        packetBytes = 0;
        switch (Framing.TryReadHeader(bytes, broker.Options.MaxPacketBytes, out var header, out var fault))
        {
            case ReadStatus.NeedMore:
                NeededBytes = bytes.Length + 1;
                return false;
            case ReadStatus.Malformed:
                connection.CloseFor(fault);
                return false;
        }
        if (connection.Handshake is { } handshake && !handshake.Expects(header.Type))
        {
            connection.CloseFor(ProtocolFault.UnexpectedPacket);
            return false;
        }
        if (bytes.Length < header.TotalBytes)
        {
            NeededBytes = header.TotalBytes;
            return false;
        }
        NeededBytes = 1;
        packetBytes = header.TotalBytes;
        if (!TryTake(header, bytes[header.HeaderBytes..header.TotalBytes]))
            return false;
        _packets++;
        return true;
    }

    // False: the packet must be offered again later.
    private bool TryTake(in PacketHeader header, ReadOnlySpan<byte> body)
    {
        if (connection.Handshake is { } handshake)
        {
            handshake.Take(header, body);
            return true;
        }
        var fault = header.CheckLength(connection.Version);
        if (fault == ProtocolFault.None && header.Type == PacketType.Publish)
            return TryTakePublish(header, body);
        if (fault == ProtocolFault.None)
            fault = PacketIntake.Take(connection, broker, header, body);
        if (fault != ProtocolFault.None)
            connection.CloseFor(fault);
        return true;
    }

    private bool TryTakePublish(in PacketHeader header, ReadOnlySpan<byte> body)
    {
        var fault = PublishPacket.TryRead(header.Flags, body, connection.Version, out var packet);
        if (fault != ProtocolFault.None)
        {
            connection.CloseFor(fault);
            return true;
        }
        if (!Publishes.TryTake(packet))
        {
            connection.WaitForSpace();
            return false;
        }
        _publishes++;
        _payloadBytes += packet.Payload.Length;
        return true;
    }
}
