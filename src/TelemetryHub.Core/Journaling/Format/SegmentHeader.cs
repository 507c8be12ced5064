using System.Buffers.Binary;

namespace TelemetryHub.Core.Journaling.Format;

/// <summary>The first 64 bytes of a segment.</summary>
/// <param name="Number">The segment's number, as in its file name.</param>
/// <param name="FirstSequence">The sequence of its first event.</param>
/// <param name="Created">When it was made, in milliseconds of Unix time; the times in its events count from here.</param>
/// <param name="PreviousNext">The sequence that followed the last one of the log before this segment.</param>
/// <param name="Skip">Why <paramref name="FirstSequence"/> is above <paramref name="PreviousNext"/>, if it is.</param>
/// <param name="Salt">Random; seeds the checksums of the segment's frames.</param>
internal readonly record struct SegmentHeader(
    long Number, long FirstSequence, long Created, long PreviousNext, SkipReason Skip, uint Salt)
{
    public const int Bytes = 64;

    private const uint Version = 1;
    private const int ChecksumOffset = Bytes - sizeof(uint);

    private static ReadOnlySpan<byte> Magic => "THUBSEG1"u8;

    public void Write(Span<byte> to)
    {
        to[..Bytes].Clear();
        Magic.CopyTo(to);
        BinaryPrimitives.WriteUInt32LittleEndian(to[8..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(to[12..], Salt);
        BinaryPrimitives.WriteInt64LittleEndian(to[16..], Number);
        BinaryPrimitives.WriteInt64LittleEndian(to[24..], FirstSequence);
        BinaryPrimitives.WriteInt64LittleEndian(to[32..], Created);
        BinaryPrimitives.WriteInt64LittleEndian(to[40..], PreviousNext);
        to[48] = (byte)Skip;
        BinaryPrimitives.WriteUInt32LittleEndian(to[ChecksumOffset..], Crc32C.Of(to[..ChecksumOffset], seed: 0));
    }

    /// <summary>False when the bytes are not a whole header of this version.</summary>
    public static bool TryRead(ReadOnlySpan<byte> from, out SegmentHeader header)
    {
        header = default;
        if (!IsWhole(from) || VersionOf(from) != Version)
            return false;
        header = new SegmentHeader(
            BinaryPrimitives.ReadInt64LittleEndian(from[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[40..]),
            (SkipReason)from[48],
            BinaryPrimitives.ReadUInt32LittleEndian(from[12..]));
        return header is { Number: >= 0, PreviousNext: >= 0 } && header.FirstSequence >= header.PreviousNext && header.Skip <= SkipReason.Lost;
    }

    /// <summary>A whole header, but of a later version of the program: not damage, and not to be touched.</summary>
    public static bool IsLaterVersion(ReadOnlySpan<byte> from) => IsWhole(from) && VersionOf(from) > Version;

    private static uint VersionOf(ReadOnlySpan<byte> from) => BinaryPrimitives.ReadUInt32LittleEndian(from[8..]);

    private static bool IsWhole(ReadOnlySpan<byte> from) =>
        from.Length >= Bytes
        && from.StartsWith(Magic)
        && Crc32C.Of(from[..ChecksumOffset], seed: 0) == BinaryPrimitives.ReadUInt32LittleEndian(from[ChecksumOffset..]);
}
