using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Format;
using TelemetryHub.Core.Journaling.Segments;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Journaling.Reading;

/// <summary>
/// Reads the log forwards from disk, in order, up to what has been written, and goes on when more has been. Any number of them at once; each is for one
/// thread at a time. It blocks on the disk: not for threads that serve others.
/// </summary>
/// <remarks>
/// Between two calls it holds a buffer, but no segment: retention does not wait for a reader that is slow. Whoever pauses should call <see cref="Rest"/>.
/// </remarks>
public sealed class JournalReader : IDisposable
{
    private const int PieceBytes = 256 << 10;

    // Who reads a little and pauses has no use for more.
    private const int FirstFillBytes = 64 << 10;

    private readonly SegmentList _segments;
    private readonly TopicTable _topics;
    private readonly JournalStart _start;
    private readonly TopicFilter? _filter;
    private long _next; // 0 = not placed yet
    private Segment? _segment; // the one that was read last, with the walk through it
    private SegmentWalk? _walk;
    private Picks? _picks; // instead of reading all of it
    private long _end; // the sequence behind what the walk can come to
    private long _readBytes; // in this call

    internal JournalReader(SegmentList segments, TopicTable topics, JournalStart from, TopicFilter? filter = null) =>
        (_segments, _topics, _start, _filter) = (segments, topics, from, filter);

    /// <summary>Where it goes on: everything below has been read, told as a gap, or does not match. 0 before the first read.</summary>
    public long Next => _next;

    /// <summary>A read stops soon after so many bytes, as <see cref="Event.SizeBytes"/> counts them: the payloads are copies that only the caller has.</summary>
    public long EnoughBytes { get; init; } = long.MaxValue;

    /// <summary>
    /// Reads the next events. When sequences are missing where it is, it reads nothing, tells of them, and goes on behind them with the next call.
    /// 0 without a gap: this is the end, for now.
    /// </summary>
    /// <exception cref="IOException">The disk cannot be read. Nothing is lost: the next call tries the same again.</exception>
    public int Read(Span<Event> into, out JournalGap? gap)
    {
        gap = null;
        var count = 0;
        _readBytes = 0;
        while (!IsEnough(count, into.Length) && gap is null && (_next > 0 || StartPlace.TryFind(_start, _segments, out _next)))
        {
            var all = _segments.All;
            var index = SegmentList.IndexOf(all, _next);
            if (index == all.Count)
            {
                Rest();
                break;
            }
            if (_next < all[index].Header.FirstSequence)
                gap = GapAt(all, index);
            else if (!TryReadFrom(all[index], into, ref count, out gap))
                break;
        }
        if (count > 0)
            gap = null; // these first; it is found again
        else if (gap is { } missing)
            _next = missing.To;
        return count;
    }

    /// <summary>Reads the next events, and passes over what is missing. 0: this is the end, for now.</summary>
    /// <exception cref="IOException">The disk cannot be read.</exception>
    public int Read(Span<Event> into)
    {
        while (true)
        {
            var count = Read(into, out var gap);
            if (count > 0 || gap is null)
                return count;
        }
    }

    /// <summary>Gives its buffer back until the next read.</summary>
    public void Rest()
    {
        _walk?.Dispose();
        (_segment, _walk, _picks) = (null, null, null);
    }

    /// <inheritdoc/>
    public void Dispose() => Rest();

    private bool IsEnough(int count, int room) => count >= room || _readBytes >= EnoughBytes;

    // Segments without events may stand between, each with a gap of its own before it.
    private JournalGap GapAt(IReadOnlyList<Segment> all, int index)
    {
        while (index > 0 && all[index - 1].Header.FirstSequence > _next)
            index--;
        var header = all[index].Header;
        if (_next < header.PreviousNext)
            return new JournalGap(_next, header.PreviousNext, index == 0 ? GapReason.Dropped : GapReason.Damaged);
        return new JournalGap(_next, header.FirstSequence, header.Skip switch
        {
            SkipReason.Crash => GapReason.Crashed,
            SkipReason.Lost => GapReason.NotWritten,
            _ => GapReason.Damaged,
        });
    }

    // False when the disk fails and there is something to give: who asks again is told.
    private bool TryReadFrom(Segment segment, Span<Event> into, ref int count, out JournalGap? gap)
    {
        try
        {
            count += ReadFrom(segment, into[count..], out gap);
            return true;
        }
        catch (IOException) when (count > 0)
        {
            gap = null;
            return false;
        }
    }

    private int ReadFrom(Segment segment, Span<Event> into, out JournalGap? gap)
    {
        gap = null;
        if (!segment.TryHold(out var file))
            return 0; // dropped: it has left the list, or is about to
        var before = _next;
        try
        {
            Enter(segment, file, mayPick: true);
            if (_picks is null)
                return Walk(into, out gap);
            var count = Pick(into, out var isDamaged);
            if (isDamaged)
                Enter(segment, file, mayPick: false); // a walk finds out what is missing
            return count;
        }
        catch (IOException)
        {
            Rest();
            _next = before;
            throw;
        }
        finally
        {
            segment.Release();
        }
    }

    private void Enter(Segment segment, IDiskFile file, bool mayPick)
    {
        _end = segment.NextSequence; // before the walk is told how far the file may be read: so these events are in it
        if (ReferenceEquals(segment, _segment) && mayPick)
        {
            _walk!.Continue(file);
            if (_picks is null)
                _walk.FillBytes = PieceBytes;
            return;
        }
        Rest();
        var map = segment.Map(file);
        (_segment, _walk) = (segment, new SegmentWalk(map, file, PieceBytes));
        if (mayPick && _filter is { } filter)
            _picks = Picks.Find(map, filter, _next);
        if (_picks is not null)
            return;
        _walk.FillBytes = FirstFillBytes;
        _walk.MoveTo(map.Seek(_next));
    }

    private int Walk(Span<Event> into, out JournalGap? gap)
    {
        gap = null;
        var (walk, count) = (_walk!, 0);
        while (!IsEnough(count, into.Length))
        {
            if (!walk.TryRead(out var frame))
            {
                if (_next < _end)
                    gap = new JournalGap(_next, _end, GapReason.Damaged);
                break;
            }
            if (frame.Sequence < _next)
                continue;
            if (frame.Sequence > _next)
            {
                gap = new JournalGap(_next, frame.Sequence, GapReason.Damaged);
                walk.MoveTo(walk.Offset); // to be read behind the gap
                break;
            }
            if (!TryTake(frame, into, ref count))
            {
                gap = new JournalGap(_next, _next + 1, GapReason.Damaged);
                walk.MoveTo(walk.Offset);
                break;
            }
            _next++;
        }
        return count;
    }

    private int Pick(Span<Event> into, out bool isDamaged)
    {
        var count = 0;
        isDamaged = false;
        while (!IsEnough(count, into.Length))
        {
            if (!_picks!.TryRead(_walk!, out var frame, out isDamaged))
            {
                if (!isDamaged)
                {
                    _next = Math.Max(_next, _picks.UpTo);
                    Rest();
                }
                break;
            }
            if (frame.Sequence < _next)
                continue;
            if (!TryTake(frame, into, ref count))
            {
                isDamaged = true;
                break;
            }
            _next = frame.Sequence + 1;
        }
        return count;
    }

    // False when the frame that said what topic it is, or who published it, is lost.
    private bool TryTake(in EventFrame frame, Span<Event> into, ref int count)
    {
        var map = _walk!.Map;
        if (map.Topic(frame.TopicId, _topics) is not { } topic)
            return false;
        if (_filter is { } filter && !filter.Matches(topic.Name))
            return true;
        if (map.Publisher(frame.PublisherId) is not { } publisher)
            return false;
        var @event = frame.ToEvent(topic, publisher);
        _readBytes += @event.SizeBytes;
        into[count++] = @event;
        return true;
    }
}
