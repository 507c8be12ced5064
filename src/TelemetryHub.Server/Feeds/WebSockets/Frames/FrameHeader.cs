using System.Buffers.Binary;

namespace TelemetryHub.Server.Feeds.WebSockets.Frames;

/// <summary>The header of a client's frame (RFC 6455 §5.2).</summary>
internal readonly ref struct FrameHeader
{
    /// <summary>A client's longest: two bytes, a length of eight, a mask.</summary>
    public const int MaxBytes = 14;

    private const int MaskBytes = 4;
    private const byte FinalBit = 0x80;
    private const byte ReservedBits = 0x70;
    private const byte OpcodeBits = 0x0F;
    private const byte MaskBit = 0x80;
    private const byte LengthBits = 0x7F;
    private const int Length16 = 126;
    private const int Length64 = 127;

    private FrameHeader(ReadOnlySpan<byte> bytes, int lengthBytes, ulong payloadBytes)
    {
        IsFinal = (bytes[0] & FinalBit) != 0;
        Opcode = (Opcode)(bytes[0] & OpcodeBits);
        PayloadBytes = payloadBytes;
        Bytes = 2 + lengthBytes + MaskBytes;
        Mask = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(2 + lengthBytes)..]);
    }

    /// <summary>The last frame of its message.</summary>
    public bool IsFinal { get; }

    public Opcode Opcode { get; }

    public bool IsControl => Opcode >= Opcode.Close;

    /// <summary>Length of the header itself.</summary>
    public int Bytes { get; }

    public ulong PayloadBytes { get; }

    /// <summary>The mask as a machine word: its first byte is the lowest.</summary>
    public uint Mask { get; }

    /// <summary>
    /// Reads the header in front of <paramref name="bytes"/>. When false, either more bytes are <paramref name="needed"/>, or the frame must not be
    /// (<paramref name="isFault"/>), which is known from its first two bytes.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out FrameHeader header, out int needed, out bool isFault)
    {
        header = default;
        (needed, isFault) = (2, false); // no more: a frame without a mask may end there, and is to be found out
        if (bytes.Length < needed) return false;
        isFault = !IsAllowed(bytes[0], bytes[1]);
        var lengthBytes = (bytes[1] & LengthBits) switch { Length16 => 2, Length64 => 8, _ => 0 };
        needed += lengthBytes + MaskBytes;
        if (isFault || bytes.Length < needed) return false;
        header = new FrameHeader(bytes, lengthBytes, ReadLength(bytes, lengthBytes));
        isFault = header.PayloadBytes > long.MaxValue; // §5.2: the most significant bit MUST be 0
        return !isFault;
    }

    // §5.1: a client's frame is masked. §5.2: no extension is negotiated, so the reserved bits are 0: nothing is ever compressed.
    // §5.5: a control frame is one frame of at most 125 bytes.
    private static bool IsAllowed(byte first, byte second)
    {
        if ((first & ReservedBits) != 0 || (second & MaskBit) == 0) return false;
        return (Opcode)(first & OpcodeBits) switch
        {
            Opcode.Continuation or Opcode.Text or Opcode.Binary => true,
            Opcode.Close or Opcode.Ping or Opcode.Pong => (first & FinalBit) != 0 && (second & LengthBits) < Length16,
            _ => false,
        };
    }

    // A length in more bytes than it needs breaks a MUST of the sender, too; taking it harms nobody.
    private static ulong ReadLength(ReadOnlySpan<byte> bytes, int lengthBytes) => lengthBytes switch
    {
        2 => BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
        8 => BinaryPrimitives.ReadUInt64BigEndian(bytes[2..]),
        _ => (ulong)(bytes[1] & LengthBits),
    };
}
