using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling.Segments;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Journaling.Reading;

/// <summary>
/// Goes through the log backwards, a block at a time: who wants to know what was last said of each topic, and not for long, finds most of it at the end.
/// It blocks on the disk.
/// </summary>
internal sealed class NewestEvents(SegmentList segments, TopicTable topics)
{
    private const int BlockEvents = 4096;
    private const int BlockBytes = 4 << 20; // so much of what has large payloads is in memory at once

    private readonly Event[] _read = new Event[256];

    /// <summary>The newest event of each topic in the block, block by block, newest first, until so much of the log has been read.</summary>
    /// <exception cref="IOException">The disk cannot be read.</exception>
    public IEnumerable<IReadOnlyCollection<Event>> Blocks(long maxBytes)
    {
        foreach (var segment in segments.All.Reverse())
        {
            for (var end = segment.NextSequence; end > segment.Header.FirstSequence && maxBytes > 0;)
            {
                if (!TryFindBlock(segment, end, out var from, out var bytes))
                    break; // dropped
                yield return LatestOf(from, end);
                (end, maxBytes) = (from, maxBytes - bytes);
            }
        }
    }

    private static bool TryFindBlock(Segment segment, long end, out long from, out int bytes)
    {
        (from, bytes) = (Math.Max(segment.Header.FirstSequence, end - BlockEvents), 0);
        if (!segment.TryHold(out var file))
            return false;
        try
        {
            var map = segment.Map(file);
            var endOffset = map.Seek(end);
            for (bytes = endOffset - map.Seek(from); bytes > BlockBytes && from < end - 1; bytes = endOffset - map.Seek(from))
                from = (from + end) / 2;
            return true;
        }
        finally
        {
            segment.Release();
        }
    }

    private Dictionary<TopicName, Event>.ValueCollection LatestOf(long from, long end)
    {
        var latest = new Dictionary<TopicName, Event>();
        using var reader = new JournalReader(segments, topics, JournalStart.At(from));
        for (int count; reader.Next < end && (count = reader.Read(_read)) > 0;)
        {
            foreach (var @event in _read.AsSpan(0, count))
            {
                if (@event.Sequence < end)
                    latest[@event.Topic.Name] = @event;
            }
        }
        Array.Clear(_read);
        return latest.Values;
    }
}
