using System.Buffers;

namespace TelemetryHub.Mqtt.Packets;

/// <summary>Cuts a stream of bytes into packets.</summary>
public static class Framing
{
    private const int MaxHeaderBytes = 5;

    /// <summary>
    /// Complete as soon as the header is: the body may still be missing, which the caller sees by comparing
    /// <see cref="PacketHeader.TotalBytes"/>. A wrong first byte is told at once, a wrong length as soon as it can be known.
    /// </summary>
    public static ReadStatus TryReadHeader(ReadOnlySpan<byte> buffer, int maxPacketBytes, out PacketHeader header, out ProtocolFault fault)
    {
        header = default;
        fault = ProtocolFault.None;
        if (buffer.IsEmpty)
            return ReadStatus.NeedMore;

        var first = buffer[0];
        fault = CheckFirst(first);
        if (fault != ProtocolFault.None)
            return ReadStatus.Malformed;

        var status = VariableInteger.TryRead(buffer[1..], out var bodyBytes, out var lengthBytes);
        if (status == ReadStatus.NeedMore)
            return status;

        if (status == ReadStatus.Malformed)
            fault = ProtocolFault.RemainingLengthTooLong;
        else if (1 + lengthBytes + (int)bodyBytes > maxPacketBytes)
            fault = ProtocolFault.PacketTooLarge;
        else
            header = new PacketHeader(first, 1 + lengthBytes, (int)bodyBytes);
        return fault == ProtocolFault.None ? ReadStatus.Complete : ReadStatus.Malformed;
    }

    /// <summary>
    /// Takes one whole packet off the buffer. While it is incomplete the buffer stays as it is, and the header is set if it is known:
    /// then the caller knows how much to wait for.
    /// </summary>
    public static ReadStatus TryReadPacket(
        ref ReadOnlySequence<byte> buffer,
        int maxPacketBytes,
        out PacketHeader header,
        out ReadOnlySequence<byte> body,
        out ProtocolFault fault)
    {
        body = default;
        var first = buffer.FirstSpan;
        var status = first.Length >= MaxHeaderBytes || buffer.IsSingleSegment
            ? TryReadHeader(first, maxPacketBytes, out header, out fault)
            : TryReadCutHeader(buffer, maxPacketBytes, out header, out fault);
        if (status != ReadStatus.Complete)
            return status;
        if (buffer.Length < header.TotalBytes)
            return ReadStatus.NeedMore;

        body = buffer.Slice(header.HeaderBytes, header.BodyBytes);
        buffer = buffer.Slice(body.End);
        return ReadStatus.Complete;
    }

    /// <summary>A header that may lie across segments is joined first.</summary>
    private static ReadStatus TryReadCutHeader(
        ReadOnlySequence<byte> buffer, int maxPacketBytes, out PacketHeader header, out ProtocolFault fault)
    {
        Span<byte> joined = stackalloc byte[MaxHeaderBytes];
        var known = (int)Math.Min(MaxHeaderBytes, buffer.Length);
        buffer.Slice(0, known).CopyTo(joined);
        return TryReadHeader(joined[..known], maxPacketBytes, out header, out fault);
    }

    /// <summary>§2.1.3: the flags that each type demands. The version is not known here.</summary>
    private static ProtocolFault CheckFirst(byte first)
    {
        var flags = first & 0x0F;
        switch ((PacketType)(first >> 4))
        {
            case 0:
                return ProtocolFault.UnknownPacketType;
            case PacketType.Publish:
                return PublishPacket.CheckFlags((byte)flags);
            case PacketType.PubRel or PacketType.Subscribe or PacketType.Unsubscribe:
                // MQTT 3.1 §2.1 sends these again with DUP; the packets' own TryRead knows the version.
                return flags is 0x02 or 0x0A ? ProtocolFault.None : ProtocolFault.ReservedFlags;
            default:
                return flags == 0 ? ProtocolFault.None : ProtocolFault.ReservedFlags;
        }
    }
}
