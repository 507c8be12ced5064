using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Format;

namespace TelemetryHub.Core.Journaling;

/// <summary>Fills one segment: encodes what it is given, writes it when told, and keeps the directory that readers use meanwhile. One thread.</summary>
internal sealed class SegmentWriter
{
    // More than any frame but one with a huge payload: that one may make the segment larger than it should be.
    private const int ReserveBytes = 128 << 10;

    private readonly IDiskFile _file;
    private readonly FrameWriter _frames;
    private readonly int _fullAt;
    private readonly Dictionary<Principal, int> _publisherIds = [];

    public SegmentWriter(IDiskFile file, SegmentDirectory directory, FrameWriter frames, int segmentBytes)
    {
        (_file, Directory, _frames, _fullAt) = (file, directory, frames, segmentBytes - Math.Min(ReserveBytes, segmentBytes / 4));
        Position = SyncedUpTo = SegmentHeader.Bytes;
        SyncedSequence = directory.Header.FirstSequence;
        _frames.Reset(directory.Header);
        _publisherIds.Add(Principal.Hub, 0);
    }

    public SegmentDirectory Directory { get; }

    public long Number => Directory.Header.Number;

    /// <summary>The sequence that the next event must have.</summary>
    public long NextSequence => Directory.NextToAdd;

    /// <summary>How long the file is with everything that has been written.</summary>
    public int Position { get; private set; }

    /// <summary>How much of it is on the disk.</summary>
    public int SyncedUpTo { get; private set; }

    /// <summary>The sequence behind the last event that is on the disk.</summary>
    public long SyncedSequence { get; private set; }

    /// <summary>When the last batch began, in milliseconds of Unix time.</summary>
    public long LastTime { get; private set; }

    /// <summary>Bytes of frames that a start must read, whatever their number.</summary>
    public long StateBytes { get; private set; }

    /// <summary>How much has been added and not been written.</summary>
    public int Buffered => _frames.Count;

    /// <summary>Is there room for another frame?</summary>
    public bool HasRoom => Position + _frames.Count < _fullAt;

    /// <summary>Begins a batch.</summary>
    public void Begin(long time, long routedUpTo)
    {
        LastTime = time;
        _frames.Commit(new CommitFrame(SyncedUpTo, time, NextSequence, routedUpTo));
    }

    public void Add(Event @event)
    {
        var mark = @event.Topic.Mark ??= new TopicMark();
        if (mark.Segment != Number)
            Introduce(@event.Topic, mark);
        if (!ReferenceEquals(mark.Publisher, @event.Publisher))
            (mark.Publisher, mark.PublisherId) = (@event.Publisher, IdOf(@event.Publisher));
        var start = _frames.Event(@event, mark.TopicId, mark.PublisherId);
        Directory.AddEvent(@event.Sequence, Position + start, mark.TopicId, @event.Time);
        if (@event.Retain || @event.Session != 0)
            AddState(start);
    }

    public void AddState(ReadOnlySpan<byte> entries) => AddState(_frames.State(entries));

    /// <summary>Writes what was added, and shows it to readers. Returns how many bytes that was.</summary>
    public int Write()
    {
        var bytes = _frames.Count;
        _file.Write(Position, _frames.Written);
        Position += bytes;
        _frames.Clear();
        Directory.Publish(Position);
        return bytes;
    }

    public void Sync()
    {
        _file.Sync();
        (SyncedUpTo, SyncedSequence) = (Position, Directory.NextSequence);
    }

    /// <summary>Ends the segment: nothing is added any more.</summary>
    public void Seal(in SealFrame seal)
    {
        // A seal says that everything before it was on the disk: that is how a scan tells damage from a torn end.
        Write();
        if (SyncedUpTo < Position)
            Sync();
        _frames.Seal(seal);
        Write();
        _file.SetLength(Position);
        Sync();
    }

    private void AddState(int start)
    {
        Directory.AddState(Position + start);
        StateBytes += _frames.Count - start;
    }

    private void Introduce(Topic topic, TopicMark mark)
    {
        (mark.Segment, mark.TopicId, mark.Publisher) = (Number, Directory.NextTopicId, null);
        Directory.AddTopic(mark.TopicId, topic.Name);
        _frames.Topic(mark.TopicId, topic.Name);
    }

    private int IdOf(Principal publisher)
    {
        if (_publisherIds.TryGetValue(publisher, out var id))
            return id;
        id = Directory.NextPublisherId;
        _publisherIds.Add(publisher, id);
        Directory.AddPublisher(id, publisher);
        _frames.Publisher(id, publisher);
        return id;
    }
}
