using System.Buffers;
using System.Buffers.Binary;
using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Format;

namespace TelemetryHub.Core.Journaling.Segments;

/// <summary>Makes the index of a segment out of what is known of it.</summary>
internal static class IndexWriter
{
    private const int MaxVarintBytes = 5;

    /// <summary>Writes the file; it has its name once it is whole and on disk.</summary>
    /// <exception cref="IOException">The disk is full or failing.</exception>
    public static void Write(IDisk disk, string path, SegmentDirectory directory)
    {
        var unfinished = path + SegmentFiles.UnfinishedSuffix;
        disk.Delete(unfinished);
        using (var file = disk.Create(unfinished))
        {
            Write(file, directory);
            file.Sync();
        }
        // The name need not be synced: who does not find the index makes it again.
        disk.Rename(unfinished, path);
    }

    private static void Write(IDiskFile file, SegmentDirectory directory)
    {
        var publisherOffsets = new uint[directory.PublisherCount];
        var publishers = Publishers(directory, publisherOffsets);
        var states = States(directory);
        var header = HeaderOf(directory, publishers.WrittenCount, states.WrittenCount);
        var layout = new IndexLayout(header);
        var places = new IndexPostings(file, IndexHeader.Bytes + layout.CoreBytes, directory.Header.Salt).Write(directory);

        var core = new byte[layout.CoreBytes];
        WriteOffsets(core, directory);
        WriteTimes(core.AsSpan(layout.Times), directory);
        WriteTopics(core, layout, directory, places);
        for (var id = 0; id < publisherOffsets.Length; id++)
            BinaryPrimitives.WriteUInt32LittleEndian(core.AsSpan(layout.Publishers + (id * sizeof(uint))), publisherOffsets[id]);
        publishers.WrittenSpan.CopyTo(core.AsSpan(layout.PublisherFrames));
        states.WrittenSpan.CopyTo(core.AsSpan(layout.States));
        file.Write(IndexHeader.Bytes, core);

        Span<byte> bytes = stackalloc byte[IndexHeader.Bytes];
        (header with { CoreChecksum = Crc32C.Of(core, directory.Header.Salt) }).Write(bytes);
        file.Write(0, bytes);
    }

    private static IndexHeader HeaderOf(SegmentDirectory directory, int publishersBytes, int statesBytes)
    {
        var (names, events) = (0, 0);
        for (var id = 0; id < directory.TopicCount; id++)
            names += directory.TopicName(id).Length;
        for (var sequence = directory.Header.FirstSequence; sequence < directory.NextSequence; sequence++)
            events += directory.OffsetOf(sequence) != 0 ? 1 : 0;
        return new IndexHeader
        {
            Segment = directory.Header,
            EndOffset = directory.EndOffset,
            NextSequence = directory.NextSequence,
            MinTime = directory.MinTime,
            MaxTime = directory.MaxTime,
            EventCount = events,
            TopicCount = directory.TopicCount,
            PublisherCount = directory.PublisherCount,
            StateCount = directory.StateCount,
            NamesBytes = names,
            PublishersBytes = publishersBytes,
            StatesBytes = statesBytes,
            CoreChecksum = 0,
        };
    }

    private static void WriteOffsets(Span<byte> to, SegmentDirectory directory)
    {
        // From the last to the first: where a block begins with events that are missing, the next one that is there stands for them.
        var next = directory.EndOffset;
        for (var index = directory.EventCount - 1; index >= 0; index--)
        {
            if (directory.OffsetOf(directory.Header.FirstSequence + index) is not 0 and var offset)
                next = offset;
            if (index % IndexHeader.OffsetBlock == 0)
                BinaryPrimitives.WriteInt32LittleEndian(to[(index / IndexHeader.OffsetBlock * sizeof(uint))..], next);
        }
    }

    private static void WriteTimes(Span<byte> to, SegmentDirectory directory)
    {
        for (var block = 0; block * SegmentDirectory.TimeBlock < directory.EventCount; block++)
            BinaryPrimitives.WriteInt64LittleEndian(to[(block * sizeof(long))..], directory.LatestTime(block));
    }

    private static void WriteTopics(byte[] core, in IndexLayout layout, SegmentDirectory directory, IndexPostings.Place[] places)
    {
        var nameAt = 0;
        for (var id = 0; id < places.Length; id++)
        {
            var entry = core.AsSpan(layout.Topics + (id * IndexLayout.TopicBytes));
            var name = directory.TopicName(id);
            name.CopyTo(core.AsSpan(layout.Names + nameAt));
            BinaryPrimitives.WriteInt32LittleEndian(entry, nameAt);
            BinaryPrimitives.WriteInt32LittleEndian(entry[4..], name.Length);
            BinaryPrimitives.WriteInt32LittleEndian(entry[8..], places[id].Count);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[12..], places[id].Offset);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[16..], places[id].Bytes);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[20..], places[id].Checksum);
            nameAt += name.Length;
        }
    }

    private static ArrayBufferWriter<byte> Publishers(SegmentDirectory directory, uint[] offsets)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var frames = new FrameWriter();
        for (var id = 0; id < offsets.Length; id++)
        {
            offsets[id] = uint.MaxValue;
            if (id == PublisherFrame.Hub || directory.Publisher(id) is not { } publisher)
                continue;
            offsets[id] = (uint)bytes.WrittenCount;
            frames.Clear();
            frames.Publisher(id, publisher);
            var body = frames.Written[FrameReader.MinFrameBytes..];
            bytes.Advance(Varint.Write(bytes.GetSpan(MaxVarintBytes), 0, (uint)body.Length));
            bytes.Write(body);
        }
        return bytes;
    }

    private static ArrayBufferWriter<byte> States(SegmentDirectory directory)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var previous = 0;
        for (var i = 0; i < directory.StateCount; i++)
        {
            var next = directory.StateOffset(i);
            bytes.Advance(Varint.Write(bytes.GetSpan(MaxVarintBytes), 0, (uint)(next - previous)));
            previous = next;
        }
        return bytes;
    }
}
