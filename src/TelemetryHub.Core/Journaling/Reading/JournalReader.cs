using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling.Segments;

namespace TelemetryHub.Core.Journaling.Reading;

public sealed class JournalReader : IDisposable
{
    private readonly EventLookup _lookup;
    private readonly SegmentList _segments;
    private long _next;

    internal JournalReader(SegmentList segments, TopicTable topics, JournalStart from, Mqtt.Topics.TopicFilter? filter = null) =>
        (_segments, _lookup, _next, _) = (segments, new EventLookup(segments, topics), from.Sequence, filter);

    public int Read(Span<Event> into)
    {
        var count = 0;
        while (count < into.Length)
        {
            var all = _segments.All;
            var index = SegmentList.IndexOf(all, _next);
            if (index == all.Count)
                break;
            _next = Math.Max(_next, all[index].Header.FirstSequence);
            var found = new Event?[1];
            _lookup.Fill([_next++], found);
            if (found[0] is { } @event)
                into[count++] = @event;
        }
        return count;
    }

    public void Dispose()
    {
    }
}
