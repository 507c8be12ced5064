using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Format;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Journaling.Segments;

/// <summary>
/// An index as it stands on disk beside its segment. Its core, a hundredth of the segment, is read when it is opened; the postings of a topic when they are
/// asked for. Any thread.
/// </summary>
internal sealed class SegmentIndex : ISegmentMap
{
    private readonly IDisk _disk;
    private readonly string _path;
    private readonly IndexHeader _header;
    private readonly IndexLayout _layout;
    private readonly byte[] _core;
    private readonly Principal?[] _publishers; // made when they are asked for; twice, at worst
    private readonly SharedTopics _shared = new();
    private int[]? _states;

    private SegmentIndex(IDisk disk, string path, in IndexHeader header, byte[] core)
    {
        (_disk, _path, _header, _layout, _core) = (disk, path, header, new IndexLayout(header), core);
        _publishers = new Principal?[header.PublisherCount];
        _publishers[PublisherFrame.Hub] = Principal.Hub;
    }

    public SegmentHeader Header => _header.Segment;

    public long NextSequence => _header.NextSequence;

    public int EndOffset => _header.EndOffset;

    public bool HasMissing => _header.EventCount < _header.SequenceCount;

    public int TopicCount => _header.TopicCount;

    public int StateCount => _header.StateCount;

    /// <summary>Reads the header alone: what a start needs to know of a segment.</summary>
    public static bool TryReadHeader(IDisk disk, string path, out IndexHeader header)
    {
        header = default;
        try
        {
            using var file = disk.Open(path);
            return TryReadHeader(file, out header);
        }
        catch (IOException)
        {
            return false; // it is not there, or cannot be read
        }
    }

    /// <summary>Opens the index of this segment. False when there is none, or it is damaged, or of another file: then it must be made again.</summary>
    public static bool TryOpen(IDisk disk, string path, in SegmentHeader segment, [NotNullWhen(true)] out SegmentIndex? index)
    {
        index = null;
        try
        {
            using var file = disk.Open(path);
            if (!TryReadHeader(file, out var header) || header.Segment != segment)
                return false;
            var core = new byte[new IndexLayout(header).CoreBytes];
            if (file.Read(IndexHeader.Bytes, core) < core.Length || Crc32C.Of(core, segment.Salt) != header.CoreChecksum)
                return false;
            index = new SegmentIndex(disk, path, header, core);
            return true;
        }
        catch (IOException)
        {
            return false; // it is not there, or cannot be read
        }
    }

    public int Seek(long sequence)
    {
        if (sequence >= NextSequence)
            return EndOffset;
        var block = Math.Max(sequence - Header.FirstSequence, 0) / IndexHeader.OffsetBlock;
        return (int)U32(0, (int)block);
    }

    public int SeekBehind(int offset)
    {
        int low = 0, high = _layout.Times / sizeof(uint);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (U32(0, middle) <= offset)
                low = middle + 1;
            else
                high = middle;
        }
        return low < _layout.Times / sizeof(uint) ? (int)U32(0, low) : EndOffset;
    }

    public long SeekTime(long time)
    {
        int low = 0, high = (_layout.Topics - _layout.Times) / sizeof(long);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (BinaryPrimitives.ReadInt64LittleEndian(_core.AsSpan(_layout.Times + (middle * sizeof(long)))) < time)
                low = middle + 1;
            else
                high = middle;
        }
        return Math.Min(Header.FirstSequence + ((long)low * SegmentDirectory.TimeBlock), NextSequence);
    }

    public ReadOnlySpan<byte> TopicName(int id) => _core.AsSpan(_layout.Names + (int)TopicField(id, 0), (int)TopicField(id, 1));

    public Topic? Topic(int id, TopicTable table) => _shared.Get(this, id, table);

    public Principal? Publisher(int id)
    {
        if ((uint)id >= (uint)_publishers.Length)
            return null;
        return _publishers[id] ??= ReadPublisher(id);
    }

    public int StateOffset(int index) => (_states ??= ReadStates())[index];

    public bool TryFind(TopicFilter filter, long sequence, int max, List<int> offsets)
    {
        List<int> ids = [];
        var total = 0L;
        for (var id = 0; id < TopicCount && total <= max; id++)
        {
            if (TopicField(id, 2) is not 0 and var count && filter.Matches(TopicName(id)))
            {
                ids.Add(id);
                total += count;
            }
        }
        if (total > max)
            return false;
        if (ids.Count == 0)
            return true;
        using var file = _disk.Open(_path);
        var from = Seek(sequence);
        foreach (var id in ids)
        {
            if (!TryReadPostings(file, id, from, offsets))
                return false;
        }
        offsets.Sort();
        return true;
    }

    private static bool TryReadHeader(IDiskFile file, out IndexHeader header)
    {
        Span<byte> bytes = stackalloc byte[IndexHeader.Bytes];
        return IndexHeader.TryRead(bytes[..file.Read(0, bytes)], out header);
    }

    private bool TryReadPostings(IDiskFile file, int id, int from, List<int> offsets)
    {
        var bytes = new byte[TopicField(id, 4)];
        var read = file.Read(IndexHeader.Bytes + _layout.CoreBytes + (long)TopicField(id, 3), bytes);
        if (read < bytes.Length || Crc32C.Of(bytes, Header.Salt) != TopicField(id, 5))
            return false;
        for (var (at, offset) = (0, 0); at < bytes.Length && Varint.TryRead(bytes, ref at, out int ahead);)
        {
            offset += ahead;
            if (offset >= from)
                offsets.Add(offset);
        }
        return true;
    }

    private Principal? ReadPublisher(int id)
    {
        var offset = U32(_layout.Publishers, id);
        if (offset == uint.MaxValue)
            return null;
        var at = _layout.PublisherFrames + (int)offset;
        return Varint.TryRead(_core, ref at, out int length) && PublisherFrame.TryRead(_core.AsSpan(at, length), out var frame) ? frame.ToPrincipal() : null;
    }

    private int[] ReadStates()
    {
        var states = new int[StateCount];
        for (var (i, at, offset) = (0, _layout.States, 0); i < states.Length && Varint.TryRead(_core, ref at, out int ahead); i++)
            states[i] = offset += ahead;
        return states;
    }

    private uint TopicField(int id, int field) => U32(_layout.Topics, (id * (IndexLayout.TopicBytes / sizeof(uint))) + field);

    private uint U32(int from, int index) => BinaryPrimitives.ReadUInt32LittleEndian(_core.AsSpan(from + (index * sizeof(uint))));
}
