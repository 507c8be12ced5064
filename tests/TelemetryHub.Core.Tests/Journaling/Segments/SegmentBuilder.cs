using System.Text;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Format;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Tests.Journaling.Segments;

/// <summary>Makes the bytes of a segment as the writer would, and remembers what is in it.</summary>
internal sealed class SegmentBuilder : IDisposable
{
    private readonly FrameWriter _frames = new();
    private readonly MemoryStream _bytes = new();
    private readonly Dictionary<TopicName, int> _topicIds = [];
    private readonly Dictionary<Principal, int> _publisherIds = new() { [Principal.Hub] = PublisherFrame.Hub };
    private int _syncedUpTo = SegmentHeader.Bytes;

    public SegmentBuilder(long number = 1, long firstSequence = 1, long? previousNext = null, SkipReason skip = SkipReason.None, TopicTable? topics = null)
    {
        Header = new SegmentHeader(number, firstSequence, 1_000_000, previousNext ?? firstSequence, skip, 0xC0FFEE + (uint)number);
        Topics = topics ?? new TopicTable(1 << 24);
        var header = new byte[SegmentHeader.Bytes];
        Header.Write(header);
        _bytes.Write(header);
        _frames.Reset(Header);
        NextSequence = firstSequence;
    }

    public SegmentHeader Header { get; }

    public TopicTable Topics { get; }

    public long NextSequence { get; private set; }

    /// <summary>Where each frame begins, and its kind; the last is where the next one would.</summary>
    public List<(int Offset, FrameKind Kind)> Frames { get; } = [];

    public Dictionary<long, (Event Event, int Offset)> Events { get; } = [];

    public int Length => (int)_bytes.Length;

    /// <summary>How much of it the commit frames say to be on disk.</summary>
    public int ProvenUpTo { get; private set; }

    public byte[] ToArray() => _bytes.ToArray();

    /// <summary>The bytes with zeros behind them, as of a segment that is being written.</summary>
    public byte[] Allocated(int length)
    {
        var bytes = new byte[Math.Max(length, Length)];
        ToArray().CopyTo(bytes, 0);
        return bytes;
    }

    public void WriteTo(IDisk disk, string path, int allocated = 0)
    {
        using var file = disk.Create(path);
        file.Write(0, Allocated(allocated));
        file.Sync();
        disk.SyncDirectory(Path.GetDirectoryName(path)!);
    }

    public Event Make(string topic, string payload = "x", long time = 1_000_500, string publisher = "p", bool retain = false, uint session = 0) => new()
    {
        Topic = Topics.Get(TopicName.Parse(topic)),
        Payload = Encoding.UTF8.GetBytes(payload),
        Publisher = publisher.Length == 0 ? Principal.Hub : new Principal(publisher, null),
        Time = time,
        QoS = session == 0 ? QoS.AtLeastOnce : QoS.ExactlyOnce,
        Retain = retain,
        Session = session,
        PacketId = session == 0 ? (ushort)0 : (ushort)7,
    };

    /// <summary>A batch, synced with what was there before unless told otherwise.</summary>
    public SegmentBuilder Batch(IEnumerable<Event> events, bool afterSync = true)
    {
        if (afterSync)
            _syncedUpTo = Length;
        ProvenUpTo = Math.Max(ProvenUpTo, _syncedUpTo);
        Add(FrameKind.Commit, _frames.Commit(new CommitFrame(_syncedUpTo, 1_000_000, NextSequence, Header.FirstSequence)));
        foreach (var @event in events)
            Add(@event);
        return this;
    }

    public SegmentBuilder State(byte[] entries)
    {
        Add(FrameKind.State, _frames.State(entries));
        return this;
    }

    public SegmentBuilder Seal(bool isCleanStop = false)
    {
        Batch([]);
        Add(FrameKind.Seal, _frames.Seal(new SealFrame(isCleanStop, NextSequence, NextSequence, 2_000_000)));
        return this;
    }

    public void Dispose()
    {
        _frames.Dispose();
        _bytes.Dispose();
    }

    private void Add(Event @event)
    {
        if (!_topicIds.TryGetValue(@event.Topic.Name, out var topic))
        {
            topic = _topicIds[@event.Topic.Name] = _topicIds.Count;
            Add(FrameKind.Topic, _frames.Topic(topic, @event.Topic.Name));
        }
        if (!_publisherIds.TryGetValue(@event.Publisher, out var publisher))
        {
            publisher = _publisherIds[@event.Publisher] = _publisherIds.Count;
            Add(FrameKind.Publisher, _frames.Publisher(publisher, @event.Publisher));
        }
        @event.Sequence = NextSequence++;
        Events[@event.Sequence] = (@event, Length);
        Add(FrameKind.Event, _frames.Event(@event, topic, publisher));
    }

    private void Add(FrameKind kind, int start)
    {
        Frames.Add((Length, kind));
        _bytes.Write(_frames.Written[start..]);
        _frames.Clear();
    }
}
