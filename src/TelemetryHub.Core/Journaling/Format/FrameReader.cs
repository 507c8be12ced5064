using System.Buffers.Binary;

namespace TelemetryHub.Core.Journaling.Format;

/// <summary>Takes frames one after the other from bytes that may be anything.</summary>
internal ref struct FrameReader(ReadOnlySpan<byte> bytes, uint salt)
{
    /// <summary>The length and the checksum before the kind.</summary>
    public const int PrefixBytes = 8;

    /// <summary>The smallest frame: a kind without a body.</summary>
    public const int MinFrameBytes = PrefixBytes + 1;

    /// <summary>The longest kind and body that is taken for one: some times what fits into an MQTT packet, far from overflowing an int.</summary>
    public const int MaxLength = 1 << 30;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly uint _salt = salt;
    private int _offset;
    private int _next;

    /// <summary>Where in the bytes the frame begins that was last asked for, whatever stands there.</summary>
    public readonly int Offset => _offset;

    /// <summary>Where the frame behind it begins, once it was found whole.</summary>
    public readonly int NextOffset => _next;

    /// <summary>The kind of the frame last found whole.</summary>
    public readonly FrameKind Kind => (FrameKind)_bytes[_offset + PrefixBytes];

    /// <summary>The body of the frame last found whole.</summary>
    public readonly ReadOnlySpan<byte> Body => _bytes[(_offset + MinFrameBytes).._next];

    /// <summary>After <see cref="FrameStatus.Cut"/>: how many bytes from <see cref="Offset"/> on are needed, or at least needed to know.</summary>
    public int NeededBytes { get; private set; }

    /// <summary>Goes on behind the frame last found whole; any other status stays where it is.</summary>
    public FrameStatus Read()
    {
        _offset = _next;
        var rest = _bytes[_offset..];
        if (rest.Length < PrefixBytes)
        {
            NeededBytes = MinFrameBytes;
            return FrameStatus.Cut;
        }
        var length = BinaryPrimitives.ReadUInt32LittleEndian(rest);
        if (length - 1 >= MaxLength) // 0 wraps around
            return length == 0 ? FrameStatus.End : FrameStatus.Bad;
        var frameBytes = PrefixBytes + (int)length;
        if (rest.Length < frameBytes)
        {
            NeededBytes = frameBytes;
            return FrameStatus.Cut;
        }
        if (Crc32C.Of(rest[PrefixBytes..frameBytes], _salt) != BinaryPrimitives.ReadUInt32LittleEndian(rest[sizeof(uint)..]))
            return FrameStatus.Bad;
        _next = _offset + frameBytes;
        return FrameStatus.Whole;
    }

    /// <summary>Goes on at <paramref name="offset"/> instead.</summary>
    public void MoveTo(int offset) => _next = offset;
}
