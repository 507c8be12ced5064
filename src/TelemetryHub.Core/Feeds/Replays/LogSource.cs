using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling;
using TelemetryHub.Core.Journaling.Reading;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Feeds.Replays;

/// <summary>
/// The log from a sequence on, wherever it is: in the tail, on disk, or on the way there. One thread; it blocks on the disk.
/// </summary>
internal sealed class LogSource(Journal journal, FilterSet filters)
{
    // What is read from disk in one go: it is nobody else's.
    private const int EnoughBytes = 32 << 10;

    // One filter can be looked up in the index of a segment; with several, everything is read and compared.
    private readonly TopicFilter? _only = filters.Filters.Length == 1 ? filters.Filters[0] : null;
    private JournalReader? _reader;

    /// <summary>
    /// Reads on from <paramref name="next"/>, below <paramref name="end"/>, and moves it behind what was read, told as a gap, or passed over. Not every event that it gives
    /// is for the feed. It moves on with every call while there is something before the end.
    /// </summary>
    /// <exception cref="IOException">The disk cannot be read; the next call tries again.</exception>
    public int Read(ref long next, long end, Span<Event> into, out JournalGap? gap)
    {
        gap = null;
        if (next >= end)
            return 0;
        if (next >= journal.Oldest && ReadTail(ref next, end, into) is > 0 and var fromTail)
            return fromTail;
        var before = next;
        var count = ReadDisk(ref next, end, into, ref gap);
        return next > before ? count : ReadUnwritten(ref next, end, into, out gap);
    }

    /// <summary>Gives back what it holds until the next read.</summary>
    public void Rest() => _reader?.Rest();

    private int ReadTail(ref long next, long end, Span<Event> into)
    {
        var count = journal.Read(next, into[..(int)Math.Min(into.Length, end - next)]);
        next += count;
        return count;
    }

    private int ReadDisk(ref long next, long end, Span<Event> into, ref JournalGap? gap)
    {
        if (_reader?.Next != next)
        {
            _reader?.Dispose();
            _reader = journal.OpenReader(JournalStart.At(next), _only, EnoughBytes);
        }
        var count = _reader.Read(into, out gap);
        // What is written already, but not routed yet, comes by the router.
        while (count > 0 && into[count - 1].Sequence >= end)
            count--;
        if (gap is { } missing)
            gap = missing.From >= end ? null : missing with { To = Math.Min(missing.To, end) };
        next = Math.Min(Math.Max(_reader.Next, next), end);
        return count;
    }

    // Behind what has been written, and not in the tail any more: it waits for a slow disk. What is not there either is lost.
    private int ReadUnwritten(ref long next, long end, Span<Event> into, out JournalGap? gap)
    {
        gap = null;
        var length = (int)Math.Min(into.Length, end - next);
        var sequences = new long[length];
        for (var i = 0; i < length; i++)
            sequences[i] = next + i;
        var found = new Event?[length];
        journal.ReadBack(sequences, found);
        var count = 0;
        while (count < length && found[count] is { } @event)
            into[count++] = @event;
        if (count == 0)
        {
            var missing = Array.FindIndex(found, @event => @event is not null);
            var to = missing < 0 ? next + length : sequences[missing];
            gap = new JournalGap(next, to, GapReason.NotWritten);
            next = to;
            return 0;
        }
        next += count;
        return count;
    }
}
