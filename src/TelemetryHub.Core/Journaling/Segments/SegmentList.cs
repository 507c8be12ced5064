namespace TelemetryHub.Core.Journaling.Segments;

/// <summary>
/// The segments of the log, oldest first. Readers take the list as it is at a moment; the writer adds, and age and size take away. Any thread.
/// </summary>
internal sealed class SegmentList(IEnumerable<Segment> segments)
{
    private readonly Lock _gate = new(); // held by whoever changes the list
    private volatile Segment[] _segments = [.. segments];

    /// <summary>All of them now.</summary>
    public IReadOnlyList<Segment> All => _segments;

    /// <summary>The oldest sequence that is kept; <see cref="long.MaxValue"/> when nothing is.</summary>
    public long OldestKept => _segments is [var first, ..] ? first.Header.FirstSequence : long.MaxValue;

    public void Add(Segment segment)
    {
        lock (_gate)
            _segments = [.. _segments, segment];
    }

    /// <summary>Puts a repaired one, or nothing, where a damaged one was.</summary>
    public void Replace(Segment damaged, Segment? repaired)
    {
        lock (_gate)
            _segments = [.. _segments.Select(segment => ReferenceEquals(segment, damaged) ? repaired : segment).OfType<Segment>()];
    }

    /// <summary>Takes the oldest one away unless it is being read or the last. The caller deletes its files.</summary>
    public bool TryDropOldest(Segment oldest)
    {
        lock (_gate)
        {
            if (_segments.Length < 2 || !ReferenceEquals(_segments[0], oldest) || !oldest.TryDrop())
                return false;
            _segments = _segments[1..];
            return true;
        }
    }

    /// <summary>The place in <see cref="All"/> of the segment with this sequence, or of the next one behind it; the count when there is none.</summary>
    public static int IndexOf(IReadOnlyList<Segment> segments, long sequence)
    {
        int low = 0, high = segments.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (segments[middle].NextSequence <= sequence)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
