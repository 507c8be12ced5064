using System.Buffers;

namespace TelemetryHub.Mqtt.Packets;

/// <summary>Writes a CONNECT.</summary>
internal static class ConnectWriter
{
    public static void Write(in ConnectPacket packet, IBufferWriter<byte> output)
    {
        var version = packet.Version;
        var writer = new PacketWriter(output, PacketType.Connect, 0, SizeOf(packet));
        writer.Block(ProtocolLevel.NameOf(version));
        writer.Byte((int)version | (packet.IsBridge && version != MqttVersion.V5 ? ProtocolLevel.BridgeBit : 0));
        writer.Byte((int)FlagsOf(packet));
        writer.UInt16(packet.KeepAlive);
        writer.Properties(packet.Properties, version);
        writer.Block(packet.ClientId);
        if (packet.HasWill)
        {
            writer.Properties(packet.WillProperties, version);
            writer.Block(packet.WillTopic);
            writer.Block(packet.WillPayload);
        }

        if (packet.HasUserName)
            writer.Block(packet.UserName);
        if (packet.HasPassword)
            writer.Block(packet.Password);
        writer.Finish();
    }

    private static int SizeOf(in ConnectPacket packet)
    {
        var version = packet.Version;

        // Level, flags and keep-alive are four bytes.
        var size = PacketWriter.SizeOf(ProtocolLevel.NameOf(version)) + 4 + PacketWriter.SizeOf(packet.Properties, version)
            + PacketWriter.SizeOf(packet.ClientId);
        if (packet.HasWill)
        {
            size += PacketWriter.SizeOf(packet.WillProperties, version) + PacketWriter.SizeOf(packet.WillTopic)
                + PacketWriter.SizeOf(packet.WillPayload);
        }

        if (packet.HasUserName)
            size += PacketWriter.SizeOf(packet.UserName);
        if (packet.HasPassword)
            size += PacketWriter.SizeOf(packet.Password);
        return size;
    }

    private static ConnectFlags FlagsOf(in ConnectPacket packet)
    {
        var flags = packet.CleanStart ? ConnectFlags.CleanStart : ConnectFlags.None;
        if (packet.HasWill)
        {
            flags |= ConnectFlags.Will | (ConnectFlags)((int)packet.WillQoS << 3);
            if (packet.WillRetain)
                flags |= ConnectFlags.WillRetain;
        }

        if (packet.HasUserName)
            flags |= ConnectFlags.UserName;
        if (packet.HasPassword)
            flags |= ConnectFlags.Password;
        return flags;
    }
}
