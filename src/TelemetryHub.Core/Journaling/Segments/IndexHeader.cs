using System.Buffers.Binary;
using TelemetryHub.Core.Journaling.Format;

namespace TelemetryHub.Core.Journaling.Segments;

/// <summary>The first bytes of an index: which segment it is of, what that holds, and how long the parts are that follow.</summary>
internal readonly record struct IndexHeader
{
    public const int Bytes = 192;

    /// <summary>Events per entry of the offsets.</summary>
    public const int OffsetBlock = 32;

    private const uint Version = 1;
    private const int ChecksumOffset = Bytes - sizeof(uint);

    public required SegmentHeader Segment { get; init; }

    /// <summary>Where the last frame of the segment ends.</summary>
    public required int EndOffset { get; init; }

    public required long NextSequence { get; init; }

    public required long MinTime { get; init; }

    public required long MaxTime { get; init; }

    /// <summary>The events that are there: fewer than there are sequences when damage took some.</summary>
    public required int EventCount { get; init; }

    public required int TopicCount { get; init; }

    public required int PublisherCount { get; init; }

    public required int StateCount { get; init; }

    public required int NamesBytes { get; init; }

    public required int PublishersBytes { get; init; }

    public required int StatesBytes { get; init; }

    /// <summary>Of everything between this header and the postings.</summary>
    public required uint CoreChecksum { get; init; }

    private static ReadOnlySpan<byte> Magic => "THUBIDX1"u8;

    public long SequenceCount => NextSequence - Segment.FirstSequence;

    public void Write(Span<byte> to)
    {
        to[..Bytes].Clear();
        Magic.CopyTo(to);
        BinaryPrimitives.WriteUInt32LittleEndian(to[8..], Version);
        Segment.Write(to[16..]);
        BinaryPrimitives.WriteInt64LittleEndian(to[80..], NextSequence);
        BinaryPrimitives.WriteInt64LittleEndian(to[88..], MinTime);
        BinaryPrimitives.WriteInt64LittleEndian(to[96..], MaxTime);
        var counts = (ReadOnlySpan<int>)[EndOffset, EventCount, TopicCount, PublisherCount, StateCount, NamesBytes, PublishersBytes, StatesBytes];
        for (var i = 0; i < counts.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(to[(104 + (i * sizeof(int)))..], counts[i]);
        BinaryPrimitives.WriteUInt32LittleEndian(to[136..], CoreChecksum);
        BinaryPrimitives.WriteUInt32LittleEndian(to[ChecksumOffset..], Crc32C.Of(to[..ChecksumOffset], seed: 0));
    }

    public static bool TryRead(ReadOnlySpan<byte> from, out IndexHeader header)
    {
        header = default;
        if (from.Length < Bytes
            || !from.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(from[8..]) != Version
            || Crc32C.Of(from[..ChecksumOffset], seed: 0) != BinaryPrimitives.ReadUInt32LittleEndian(from[ChecksumOffset..])
            || !SegmentHeader.TryRead(from[16..], out var segment))
            return false;
        header = new IndexHeader
        {
            Segment = segment,
            NextSequence = BinaryPrimitives.ReadInt64LittleEndian(from[80..]),
            MinTime = BinaryPrimitives.ReadInt64LittleEndian(from[88..]),
            MaxTime = BinaryPrimitives.ReadInt64LittleEndian(from[96..]),
            EndOffset = BinaryPrimitives.ReadInt32LittleEndian(from[104..]),
            EventCount = BinaryPrimitives.ReadInt32LittleEndian(from[108..]),
            TopicCount = BinaryPrimitives.ReadInt32LittleEndian(from[112..]),
            PublisherCount = BinaryPrimitives.ReadInt32LittleEndian(from[116..]),
            StateCount = BinaryPrimitives.ReadInt32LittleEndian(from[120..]),
            NamesBytes = BinaryPrimitives.ReadInt32LittleEndian(from[124..]),
            PublishersBytes = BinaryPrimitives.ReadInt32LittleEndian(from[128..]),
            StatesBytes = BinaryPrimitives.ReadInt32LittleEndian(from[132..]),
            CoreChecksum = BinaryPrimitives.ReadUInt32LittleEndian(from[136..]),
        };
        return header.SequenceCount is >= 0 and <= int.MaxValue;
    }
}
