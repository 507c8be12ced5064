using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling.Format;
using TelemetryHub.Core.Journaling.Segments;

namespace TelemetryHub.Core.Journaling.Reading;

internal sealed class EventLookup(SegmentList segments, TopicTable topics)
{
    public void Fill(ReadOnlySpan<long> sequences, Span<Event?> into)
    {
        for (var i = 0; i < sequences.Length; i++)
            into[i] ??= Find(sequences[i]);
    }

    private Event? Find(long sequence)
    {
        var all = segments.All;
        var index = SegmentList.IndexOf(all, sequence);
        if (index == all.Count || all[index].Header.FirstSequence > sequence || !all[index].TryHold(out var file))
            return null;
        try
        {
            var directory = all[index].Directory!;
            var offset = directory.OffsetOf(sequence);
            if (offset == 0)
                return null;
            using var frames = new FrameStream(file, offset, directory.Header.Salt);
            return frames.Read() == FrameStatus.Whole && EventFrame.TryRead(frames.Body, directory.Header, out var frame)
                ? frame.ToEvent(topics.Get(directory.Topic(frame.TopicId)), directory.Publisher(frame.PublisherId)!)
                : null;
        }
        finally
        {
            all[index].Release();
        }
    }
}
