using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Format;
using TelemetryHub.Core.Journaling.Segments;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Journaling.Snapshots;

/// <summary>Takes what a segment says of the hub's state: its state frames, its retained events, and those that take a packet id of a session.</summary>
internal static class SegmentState
{
    /// <summary>Returns how many bytes that was.</summary>
    public static long Apply(Segment segment, LogState into)
    {
        if (!segment.TryHold(out var file))
            return 0;
        try
        {
            return Apply(file, segment.Map(file), into);
        }
        finally
        {
            segment.Release();
        }
    }

    private static long Apply(IDiskFile file, ISegmentMap map, LogState into)
    {
        var bytes = 0L;
        using var frames = new FrameStream(file, SegmentHeader.Bytes, map.Header.Salt);
        for (var i = 0; i < map.StateCount; i++)
        {
            frames.MoveTo(map.StateOffset(i));
            if (frames.Read() != FrameStatus.Whole)
                continue; // damage since it was scanned: what is left is applied
            bytes += frames.NextOffset - frames.Offset;
            if (frames.Kind == FrameKind.State)
                into.Apply(frames.Body);
            else if (EventFrame.TryRead(frames.Body, map.Header, out var @event)
                && TopicName.TryParse(map.TopicName(@event.TopicId), out var topic)
                && map.Publisher(@event.PublisherId) is { } publisher)
                into.Apply(@event, topic, publisher);
        }
        return bytes;
    }
}
