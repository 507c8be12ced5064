using System.Buffers;

namespace TelemetryHub.Mqtt.Packets;

/// <summary>PINGREQ and PINGRESP (§3.12, §3.13), which are two bytes each.</summary>
public static class PingPacket
{
    public static ProtocolFault TryRead(byte flags, ReadOnlySpan<byte> body)
    {
        if (flags != 0)
            return ProtocolFault.ReservedFlags;
        return body.IsEmpty ? ProtocolFault.None : ProtocolFault.TrailingBytes;
    }

    public static void WriteRequest(IBufferWriter<byte> output) => Write(output, PacketType.PingReq);

    public static void WriteResponse(IBufferWriter<byte> output) => Write(output, PacketType.PingResp);

    private static void Write(IBufferWriter<byte> output, PacketType type) => new PacketWriter(output, type, 0, 0).Finish();
}
