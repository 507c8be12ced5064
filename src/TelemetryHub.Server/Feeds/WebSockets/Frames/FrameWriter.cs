using System.Buffers;
using System.Buffers.Binary;

namespace TelemetryHub.Server.Feeds.WebSockets.Frames;

/// <summary>Writes a server's frames (RFC 6455 §5): never masked, never in fragments.</summary>
internal static class FrameWriter
{
    /// <summary>A server's longest header.</summary>
    public const int MaxHeaderBytes = 10;

    /// <summary>What a control frame may carry (§5.5).</summary>
    public const int MaxControlBytes = 125;

    private const byte FinalBit = 0x80;

    /// <summary>How long the header of a payload is.</summary>
    public static int HeaderBytes(int payloadBytes) => payloadBytes switch { <= MaxControlBytes => 2, <= ushort.MaxValue => 4, _ => MaxHeaderBytes };

    /// <summary>Writes the header of a payload and returns its length.</summary>
    public static int WriteHeader(Span<byte> into, Opcode opcode, int payloadBytes)
    {
        into[0] = (byte)(FinalBit | (byte)opcode);
        var length = HeaderBytes(payloadBytes);
        into[1] = length switch { 2 => (byte)payloadBytes, 4 => 126, _ => 127 };
        if (length == 4) BinaryPrimitives.WriteUInt16BigEndian(into[2..], (ushort)payloadBytes);
        if (length == MaxHeaderBytes) BinaryPrimitives.WriteUInt64BigEndian(into[2..], (ulong)payloadBytes);
        return length;
    }

    /// <summary>Writes a whole frame.</summary>
    public static void Write(IBufferWriter<byte> output, Opcode opcode, ReadOnlySpan<byte> payload)
    {
        var bytes = HeaderBytes(payload.Length) + payload.Length;
        var into = output.GetSpan(bytes);
        payload.CopyTo(into[WriteHeader(into, opcode, payload.Length)..]);
        output.Advance(bytes);
    }

    /// <summary>Writes a close frame. A reason that is too long for it is left out; <see cref="CloseCode.NoStatus"/> is an empty one.</summary>
    public static void WriteClose(IBufferWriter<byte> output, CloseCode code, ReadOnlySpan<byte> reason = default)
    {
        Span<byte> payload = stackalloc byte[MaxControlBytes];
        if (reason.Length > MaxControlBytes - 2) reason = default;
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        reason.CopyTo(payload[2..]);
        Write(output, Opcode.Close, code == CloseCode.NoStatus ? default : payload[..(2 + reason.Length)]);
    }
}
