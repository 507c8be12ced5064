using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Format;
using TelemetryHub.Core.Journaling.Segments;

namespace TelemetryHub.Core.Journaling.Snapshots;

/// <summary>Takes what a segment says of the hub's state: its state frames, its retained events, and those that take a packet id of a session.</summary>
internal static class SegmentState
{
    public static void Apply(Segment segment, LogState into)
    {
        if (!segment.TryHold(out var file))
            return;
        try
        {
            Apply(file, segment.Directory!, into);
        }
        finally
        {
            segment.Release();
        }
    }

    private static void Apply(IDiskFile file, SegmentDirectory directory, LogState into)
    {
        using var frames = new FrameStream(file, SegmentHeader.Bytes, directory.Header.Salt);
        for (var i = 0; i < directory.StateCount; i++)
        {
            frames.MoveTo(directory.StateOffset(i));
            if (frames.Read() != FrameStatus.Whole)
                continue; // damage since it was scanned: what is left is applied
            if (frames.Kind == FrameKind.State)
                into.Apply(frames.Body);
            else if (EventFrame.TryRead(frames.Body, directory.Header, out var @event))
                into.Apply(@event, directory.Topic(@event.TopicId), directory.Publisher(@event.PublisherId)!);
        }
    }
}
