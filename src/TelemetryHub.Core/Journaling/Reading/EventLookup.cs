using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Segments;

namespace TelemetryHub.Core.Journaling.Reading;

/// <summary>Reads single events from disk. Any thread.</summary>
internal sealed class EventLookup(SegmentList segments, TopicTable topics)
{
    private const int PieceBytes = 64 << 10;

    // Small, for they may be far from each other; of those that are near each other some hundred come with one read.
    private const int FillBytes = 16 << 10;

    /// <summary>Fills in those that are null and can be read. The sequences ascend.</summary>
    public void Fill(ReadOnlySpan<long> sequences, Span<Event?> into)
    {
        var all = segments.All;
        for (var i = 0; i < sequences.Length;)
        {
            var index = into[i] is null ? SegmentList.IndexOf(all, sequences[i]) : all.Count;
            if (index == all.Count || all[index].Header.FirstSequence > sequences[i] || !all[index].TryHold(out var file))
            {
                i++;
                continue;
            }
            try
            {
                i += FillFrom(all[index], file, sequences[i..], into[i..]);
            }
            finally
            {
                all[index].Release();
            }
        }
    }

    // Returns how many of the sequences are of this segment.
    private int FillFrom(Segment segment, IDiskFile file, ReadOnlySpan<long> sequences, Span<Event?> into)
    {
        var map = segment.Map(file);
        var next = map.NextSequence; // before the walk is told how far the file may be read: so these events are in it
        using var walk = new SegmentWalk(map, file, PieceBytes) { FillBytes = FillBytes };
        var i = 0;
        for (; i < sequences.Length && (i == 0 || sequences[i] < next); i++)
        {
            if (into[i] is not null)
                continue;
            // Backwards when it has read on to what is behind this one; not when it is in the middle of its block.
            var offset = map.Seek(sequences[i]);
            if (offset > walk.NextOffset || (i > 0 && sequences[i] <= sequences[i - 1]))
                walk.MoveTo(offset);
            into[i] = Find(walk, sequences[i]);
        }
        return i;
    }

    private Event? Find(SegmentWalk walk, long sequence)
    {
        while (walk.TryRead(out var frame))
        {
            if (frame.Sequence < sequence)
                continue;
            if (frame.Sequence == sequence)
            {
                return walk.Map.Topic(frame.TopicId, topics) is { } topic && walk.Map.Publisher(frame.PublisherId) is { } publisher
                    ? frame.ToEvent(topic, publisher)
                    : null;
            }
            walk.MoveTo(walk.Offset); // that one may be asked for next
            break;
        }
        return null;
    }
}
