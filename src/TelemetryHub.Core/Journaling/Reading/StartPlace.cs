using TelemetryHub.Core.Journaling.Format;
using TelemetryHub.Core.Journaling.Segments;

namespace TelemetryHub.Core.Journaling.Reading;

/// <summary>Finds the sequence that a reader begins with.</summary>
internal static class StartPlace
{
    // What is looked at is less than this, but for events without much payload.
    private const int PieceBytes = 32 << 10;

    /// <summary>False when it cannot be told yet: nothing is kept.</summary>
    public static bool TryFind(JournalStart start, SegmentList segments, out long sequence)
    {
        var all = segments.All;
        sequence = start.Sequence;
        if (start.Time is { } time)
            sequence = all.Count == 0 ? 0 : AtTime(all, time);
        else if (sequence == 0 && all.Count > 0)
            sequence = all[0].Header.FirstSequence;
        return sequence > 0;
    }

    private static long AtTime(IReadOnlyList<Segment> all, long time)
    {
        foreach (var segment in all)
        {
            if (segment.MaxTime >= time && segment.TryHold(out var file))
            {
                try
                {
                    if (AtTime(new SegmentWalk(segment.Map(file), file, PieceBytes), time) is { } sequence)
                        return sequence;
                }
                finally
                {
                    segment.Release();
                }
            }
        }
        return all[^1].NextSequence;
    }

    private static long? AtTime(SegmentWalk walk, long time)
    {
        using (walk)
        {
            // From the first block of events in which the time is reached: mostly it is in that one.
            var from = walk.Map.SeekTime(time);
            walk.MoveTo(walk.Map.Seek(from));
            while (walk.TryRead(out var frame))
            {
                if (frame.Time >= time && frame.Sequence >= from)
                    return frame.Sequence;
            }
            return null;
        }
    }
}
