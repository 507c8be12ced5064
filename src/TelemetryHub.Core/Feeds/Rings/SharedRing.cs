using System.Buffers;
using TelemetryHub.Core.Feeds.Control;

namespace TelemetryHub.Core.Feeds.Rings;

/// <summary>A feed's ring, and the readers that stand in it or wait at its end. Thread-safe.</summary>
internal sealed class SharedRing(Feed feed)
{
    private readonly Lock _gate = new(); // guards the ring, and where its readers are in the lists. Nothing but the inbox is asked within it
    private readonly List<FeedReader> _parked = [];
    private readonly List<FeedReader> _woken = []; // the encoder's
    private FeedRing _ring = new(0);

    /// <summary>How many items it holds, and what they take.</summary>
    public (long Count, long Bytes) Size
    {
        get
        {
            lock (_gate)
                return (_ring.End - _ring.First, _ring.Bytes);
        }
    }

    /// <summary>Every event up to this sequence has been handed to whoever stands at the end.</summary>
    public long Covered
    {
        get
        {
            // First: what is routed by now is in the inbox, in the ring, or between the two.
            var routed = feed.RoutedUpTo;
            lock (_gate)
                return feed.IsQuiet ? Math.Max(routed - 1, _ring.LastSequence) : _ring.LastSequence;
        }
    }

    /// <summary>Everything behind this sequence will be in it. Before anybody reads.</summary>
    public void Begin(long behind)
    {
        lock (_gate)
            _ring = new FeedRing(behind);
    }

    /// <summary>Adds what was encoded and wakes who waits for it. The encoder.</summary>
    public void Append(EncodedItems items, long maxBytes)
    {
        lock (_gate)
        {
            _ring.Append(items, maxBytes);
            TakeParked();
        }
        WakeParked();
    }

    /// <summary>Events could not be taken in. The encoder.</summary>
    public void Skip(long count, long lastSequence)
    {
        lock (_gate)
        {
            _ring.Skip(count, lastSequence);
            TakeParked();
        }
        WakeParked();
    }

    /// <summary>Makes it small enough, when there are more feeds than there were.</summary>
    public void Trim(long maxBytes)
    {
        lock (_gate)
            _ring.Trim(maxBytes);
    }

    /// <summary>With a reader that stands at the end: up to where it has seen everything. False when there is something for it.</summary>
    public bool TryCover(long index, out long covered)
    {
        lock (_gate)
        {
            covered = Covered;
            return index == _ring.End;
        }
    }

    /// <summary>Where it goes on for a reader that begins now.</summary>
    public long JoinAtEnd(out long position)
    {
        lock (_gate)
        {
            position = Covered;
            return _ring.End;
        }
    }

    /// <summary>Whether everything behind this sequence is in it or still to come.</summary>
    public bool CanJoin(long position)
    {
        lock (_gate)
            return position >= _ring.CompleteBehind;
    }

    /// <summary>
    /// Where it goes on for a reader that has seen everything up to a sequence. False when it does not reach back so far. When the reader has seen more than the feed has
    /// encoded (in the log, or in another feed), it passes over that when it comes.
    /// </summary>
    public bool TryJoin(FeedReader reader, long position, out long index)
    {
        lock (_gate)
        {
            index = _ring.IndexBehind(position);
            reader.IsAhead = position > Covered;
            return position >= _ring.CompleteBehind;
        }
    }

    /// <summary>Copies for a reader, and moves it; it waits when it is at the end. False: it has been lapped, and nothing was copied.</summary>
    public bool TryRead(FeedReader reader, ref long index, ref long position, IBufferWriter<byte> output, int budgetBytes, out int copied, out bool isAtEnd)
    {
        (copied, isAtEnd) = (0, false);
        lock (_gate)
        {
            if (index < _ring.First && position < _ring.CompleteBehind)
                return false;
            if (index < _ring.First || reader.IsAhead)
                (index, reader.IsAhead) = (_ring.IndexBehind(position), position > Covered);
            if (index < _ring.End)
            {
                copied = _ring.Copy(ref index, output, budgetBytes);
                position = _ring.SequenceBefore(index);
            }
            isAtEnd = index == _ring.End;
            if (isAtEnd)
                Park(reader);
            return true;
        }
    }

    /// <summary>Moves a lapped reader on, and returns what it misses by that.</summary>
    public Gap JumpOn(FeedReader reader, ref long index, ref long position)
    {
        lock (_gate)
        {
            var (to, from) = (_ring.JumpTarget, position);
            var isSkipped = _ring.IsSkipped(index);
            // Of what was not encoded nobody knows how much the feed would have given.
            var isKnown = !reader.IsAhead && !(isSkipped && feed.IsSelective);
            var gap = new Gap(isKnown ? to - index : null, from, _ring.SequenceBefore(to), isSkipped ? MissedReason.Overload : MissedReason.Slow);
            (index, position, reader.IsAhead) = (to, gap.To, false);
            return gap;
        }
    }

    /// <summary>How many items are before a reader with this index.</summary>
    public long Behind(long index)
    {
        lock (_gate)
            return _ring.End - index;
    }

    /// <summary>Whoever has gone waits no more.</summary>
    public void Remove(FeedReader reader)
    {
        lock (_gate)
        {
            if (reader.PlaceInParked < 0)
                return;
            var last = _parked[^1];
            (_parked[reader.PlaceInParked], last.PlaceInParked) = (last, reader.PlaceInParked);
            _parked.RemoveAt(_parked.Count - 1);
            reader.PlaceInParked = -1;
        }
    }

    private void Park(FeedReader reader)
    {
        if (reader.PlaceInParked >= 0)
            return;
        reader.PlaceInParked = _parked.Count;
        _parked.Add(reader);
    }

    private void TakeParked()
    {
        foreach (var reader in _parked)
            reader.PlaceInParked = -1;
        _woken.AddRange(_parked);
        _parked.Clear();
    }

    private void WakeParked()
    {
        foreach (var reader in _woken)
            reader.Wake();
        _woken.Clear();
    }
}
