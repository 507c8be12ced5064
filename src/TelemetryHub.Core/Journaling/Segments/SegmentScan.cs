using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Format;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Journaling.Segments;

/// <summary>
/// Walks the file of a segment, in pieces, and tells what is in it and in what condition it is. Never throws for what stands in the file;
/// <see cref="IOException"/> when it cannot be read.
/// </summary>
/// <remarks>
/// Where the frames break off, the commit frames further on decide: if one of them says that the disk had everything up to behind this
/// place, then something kept is damaged, and the walk goes on at the next frame that is sure to be one. If none does, this is where the
/// writing ended when the power went. A seal at the end of the file says the same of everything before it.
/// </remarks>
internal sealed class SegmentScan
{
    private readonly IDiskFile _file;
    private readonly long _endSequence;
    private readonly List<DamagedStretch> _damage = [];
    private int _lostBytes; // of damage, now and repaired before: what may have held frames that are missed
    private long _provenUpTo = -1; // where the commit frames behind the first break, or the seal, say that the disk had everything
    private long _nextCommit = -1; // the last one that was searched for, or the seal: it serves until the walk has come to it
    private bool _isTorn;

    private SegmentScan(IDiskFile file, long endSequence) => (_file, _endSequence) = (file, endSequence);

    public SegmentCondition Condition { get; private set; }

    /// <summary>Everything in it, published; null when there is no header.</summary>
    public SegmentDirectory? Directory { get; private set; }

    [MemberNotNullWhen(true, nameof(Directory))]
    public bool HasHeader => Directory is not null;

    /// <summary>Where the last frame of the segment ends: what is behind does not belong to the log.</summary>
    public int EndOffset { get; private set; }

    /// <summary>Up to where its own commit frames say that the disk had everything: what is behind may only be in the system's memory.</summary>
    public int SyncedUpTo { get; private set; } = SegmentHeader.Bytes;

    /// <summary>Everything below had been routed.</summary>
    public long RoutedUpTo { get; private set; }

    /// <summary>When it was last written, in milliseconds of Unix time.</summary>
    public long LastTime { get; private set; }

    /// <summary>Whether the segment was finished, and the hub stopped in order behind it.</summary>
    public SealFrame? Seal { get; private set; }

    /// <summary>What is damaged, in order.</summary>
    public IReadOnlyList<DamagedStretch> Damage => _damage;

    /// <param name="file">The segment's.</param>
    /// <param name="endSequence">What the header of the next segment says to have followed the last event of this one: whatever was written from there on has been given up.</param>
    public static SegmentScan Of(IDiskFile file, long endSequence = long.MaxValue)
    {
        var scan = new SegmentScan(file, endSequence);
        if (!scan.TryReadHeader())
            return scan;
        scan.Walk();
        scan.Directory!.Publish(scan.EndOffset);
        scan.Condition = scan._damage.Count > 0 ? SegmentCondition.Damaged : scan._isTorn ? SegmentCondition.Torn : SegmentCondition.Whole;
        return scan;
    }

    private bool TryReadHeader()
    {
        Span<byte> bytes = stackalloc byte[SegmentHeader.Bytes];
        var read = _file.Read(0, bytes);
        if (SegmentHeader.TryRead(bytes[..read], out var header))
        {
            Directory = new SegmentDirectory(header);
            return true;
        }
        Condition = SegmentHeader.IsLaterVersion(bytes[..read]) ? SegmentCondition.LaterVersion
            : read < bytes.Length || !bytes.ContainsAnyExcept((byte)0) ? SegmentCondition.Blank
            : SegmentCondition.NoHeader;
        return false;
    }

    private void Walk()
    {
        using var frames = new FrameStream(_file, SegmentHeader.Bytes, Directory!.Header.Salt);
        EndOffset = SegmentHeader.Bytes;
        while (true)
        {
            var status = frames.Read();
            if (status == FrameStatus.Whole && frames.NextOffset > int.MaxValue)
                return;
            var place = (int)frames.Offset;
            if (status == FrameStatus.Whole && TryTake(frames.Kind, frames.Body, place))
            {
                EndOffset = (int)frames.NextOffset;
                continue;
            }
            if (_isTorn || !TryResume(frames, place, out var next))
                return;
            _damage.Add(new DamagedStretch(place, next - place));
            _lostBytes += next - place;
            frames.MoveTo(next);
        }
    }

    // False when the frame is not what its checksum says, or is behind the end.
    private bool TryTake(FrameKind kind, ReadOnlySpan<byte> body, int offset)
    {
        switch (kind)
        {
            case FrameKind.Commit:
                return CommitFrame.TryRead(body, out var commit) && TryTake(commit, offset);
            case FrameKind.Topic:
                return TopicFrame.TryRead(body, out var topic) && TryTake(topic);
            case FrameKind.Publisher:
                return PublisherFrame.TryRead(body, out var publisher) && TryTake(publisher);
            case FrameKind.Event:
                return EventFrame.TryRead(body, Directory!.Header, out var @event) && TryTake(@event, offset);
            case FrameKind.State:
                Directory!.AddState(offset);
                return true;
            case FrameKind.Hole:
                _lostBytes += FrameReader.MinFrameBytes + body.Length;
                return true;
            case FrameKind.Seal:
                return SealFrame.TryRead(body, out var seal) && TryTake(seal);
            default:
                return true; // of a later version, and said to be none of our business
        }
    }

    private bool TryTake(in CommitFrame commit, int offset)
    {
        if (commit.SyncedUpTo > offset || !MayFollow(commit.NextSequence, Directory!.NextToAdd))
            return false;
        Directory.AddMissing(Math.Min(commit.NextSequence, _endSequence));
        (RoutedUpTo, LastTime) = (Math.Max(RoutedUpTo, commit.RoutedUpTo), commit.Time);
        SyncedUpTo = Math.Max(SyncedUpTo, commit.SyncedUpTo);
        return true;
    }

    private bool TryTake(in TopicFrame topic)
    {
        if (!MayFollow(topic.Id, Directory!.NextTopicId) || !TopicName.TryParse(topic.Name, out var name))
            return false;
        Directory.AddTopic(topic.Id, name);
        return true;
    }

    private bool TryTake(in PublisherFrame publisher)
    {
        if (!MayFollow(publisher.Id, Directory!.NextPublisherId))
            return false;
        Directory.AddPublisher(publisher.Id, publisher.ToPrincipal());
        return true;
    }

    private bool TryTake(in EventFrame @event, int offset)
    {
        if (@event.Sequence >= _endSequence)
            _isTorn = true;
        if (_isTorn || !MayFollow(@event.Sequence, Directory!.NextToAdd))
            return false;
        if (!IsKnown(@event))
        {
            // The frame that said which topic this is, or who published it, is lost: so is the event.
            if (_lostBytes > 0)
                Directory.AddMissing(@event.Sequence + 1);
            return _lostBytes > 0;
        }
        Directory.AddEvent(@event.Sequence, offset, @event.TopicId, @event.Time);
        if (@event.IsState)
            Directory.AddState(offset);
        return true;
    }

    private bool TryTake(in SealFrame seal)
    {
        if (!MayFollow(seal.NextSequence, Directory!.NextToAdd))
            return false;
        Directory.AddMissing(seal.NextSequence);
        (RoutedUpTo, LastTime) = (Math.Max(RoutedUpTo, seal.RoutedUpTo), seal.Time);
        Seal = seal;
        return true;
    }

    private bool IsKnown(in EventFrame @event) =>
        @event.TopicId < Directory!.NextTopicId
        && !Directory.Topic(@event.TopicId).IsEmpty
        && @event.PublisherId < Directory.NextPublisherId
        && Directory.Publisher(@event.PublisherId) is not null;

    // Numbers follow one another, but for what may have been in the damage. (Else a wrong number could make this allocate anything.)
    private bool MayFollow(long number, long expected) =>
        number >= expected && number - expected <= _lostBytes / FrameReader.MinFrameBytes;

    // Decides between damage and the torn end, and where it goes on behind damage.
    private bool TryResume(FrameStream frames, int place, out int next)
    {
        next = 0;
        using var search = new CommitSearch(_file, Directory!.Header.Salt);
        if (_provenUpTo < 0)
        {
            search.MoveTo(place);
            var isSealed = SegmentSeal.TryFind(_file, Directory.Header.Salt, out var seal, out _);
            for (_provenUpTo = isSealed ? seal : 0; search.TryFind(out _, out var proof);)
                _provenUpTo = Math.Max(_provenUpTo, proof.SyncedUpTo);
            _isTorn = _provenUpTo <= place && !search.SawOnlyZeros;
        }
        if (place >= _provenUpTo)
            return false;
        if (_nextCommit <= place)
        {
            search.MoveTo(place + FrameReader.MinFrameBytes);
            if (!search.TryFind(out _nextCommit, out _))
                _nextCommit = _provenUpTo; // the proof was the seal
        }
        next = (int)Math.Min(_nextCommit, BehindBadFrames(frames, place));
        return true;
    }

    // Mostly it is one bit in one frame: then its length is right, and a whole frame follows it, or another one with a right length.
    private long BehindBadFrames(FrameStream frames, int place)
    {
        Span<byte> length = stackalloc byte[sizeof(uint)];
        for (long next = place; ;)
        {
            _file.Read(next, length);
            var claimed = BinaryPrimitives.ReadUInt32LittleEndian(length);
            next += FrameReader.PrefixBytes + (long)claimed;
            if (claimed == 0 || next >= _nextCommit)
                return long.MaxValue;
            frames.MoveTo(next);
            if (frames.Read() == FrameStatus.Whole)
                return next;
        }
    }
}
