using System.Buffers;
using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Format;

namespace TelemetryHub.Core.Journaling.Segments;

/// <summary>Writes the postings of an index: for each topic the offsets of its events, as differences, each a varint.</summary>
internal sealed class IndexPostings(IDiskFile file, long offset, uint salt)
{
    private const int PieceBytes = 256 << 10;

    private readonly ArrayBufferWriter<byte> _pending = new(PieceBytes * 2);
    private long _written;

    /// <summary>Where a topic's list is, counted from the first one; its length and checksum.</summary>
    public readonly record struct Place(uint Offset, int Count, uint Bytes, uint Checksum);

    /// <summary>Writes all, by topic number.</summary>
    public Place[] Write(SegmentDirectory directory)
    {
        var ends = new int[directory.TopicCount];
        var offsets = ByTopic(directory, ends);
        var places = new Place[ends.Length];
        for (var (id, from) = (0, 0); id < ends.Length; from = ends[id++])
            places[id] = Write(offsets.AsSpan(from, ends[id] - from));
        ArrayPool<int>.Shared.Return(offsets);
        Flush();
        return places;
    }

    // A counting sort: the events are many, their topics known.
    private static int[] ByTopic(SegmentDirectory directory, int[] ends)
    {
        for (var sequence = directory.Header.FirstSequence; sequence < directory.NextSequence; sequence++)
        {
            if (directory.TopicIdOf(sequence) is >= 0 and var id)
                ends[id]++;
        }
        var total = 0;
        for (var id = 0; id < ends.Length; id++)
            (ends[id], total) = (total, total + ends[id]);
        var offsets = ArrayPool<int>.Shared.Rent(total);
        for (var sequence = directory.Header.FirstSequence; sequence < directory.NextSequence; sequence++)
        {
            if (directory.TopicIdOf(sequence) is >= 0 and var id)
                offsets[ends[id]++] = directory.OffsetOf(sequence);
        }
        return offsets;
    }

    private Place Write(ReadOnlySpan<int> offsets)
    {
        var to = _pending.GetSpan(offsets.Length * 5);
        var at = 0;
        var previous = 0;
        foreach (var next in offsets)
        {
            at = Varint.Write(to, at, (uint)(next - previous));
            previous = next;
        }
        var place = new Place((uint)(_written + _pending.WrittenCount), offsets.Length, (uint)at, Crc32C.Of(to[..at], salt));
        _pending.Advance(at);
        if (_pending.WrittenCount >= PieceBytes)
            Flush();
        return place;
    }

    private void Flush()
    {
        file.Write(offset + _written, _pending.WrittenSpan);
        _written += _pending.WrittenCount;
        _pending.ResetWrittenCount();
    }
}
