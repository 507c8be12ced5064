using Microsoft.Extensions.Logging;
using TelemetryHub.Core.Journaling.Segments;

namespace TelemetryHub.Core.Journaling;

/// <summary>
/// Tells what a start cannot know any more because files are gone that should be there: nothing was damaged that could be set aside, and still
/// nobody may take it for everything.
/// </summary>
internal sealed partial class Completeness(IReadOnlyList<Segment> segments, JournalHealth health, ILogger logger)
{
    /// <summary>
    /// An index is made of a finished segment, and is the first to be dropped: behind the oldest segment there is none without a segment, unless somebody took that away.
    /// (That sequences are missing says less: what a failing disk did not keep is missing as well, and nobody was promised it.)
    /// </summary>
    public void CheckEvents(IReadOnlyList<string> names)
    {
        var known = SegmentFiles.Numbers(names, SegmentFiles.SegmentSuffix)
            .Union(SegmentFiles.Numbers(names, SegmentFiles.SegmentSuffix + SegmentFiles.DamagedSuffix));
        foreach (var number in SegmentFiles.Numbers(names, SegmentFiles.IndexSuffix).Except(known))
        {
            if (segments is not [var oldest, ..] || number < oldest.Header.Number)
                continue;
            var name = Path.GetFileName(SegmentFiles.Segment("", number));
            health.Lose($"{name}, of which only the index is there");
            Messages.SegmentMissing(logger, name);
        }
    }

    /// <summary>
    /// What was before the first segment is in the newest snapshot, or in an older one if no segment is missing since.
    /// </summary>
    public void CheckState(long from, bool hasNewest)
    {
        if (hasNewest || segments is not [var first, ..] || !IsStateMissing(first, from))
            return;
        health.Lose($"a snapshot: sessions and retained messages of before segment {first.Header.Number} may be missing or out of date");
        Messages.StateMissing(logger, first.Header.Number);
    }

    /// <summary>Is there something before the oldest segment that is not in the snapshot before this one? (0: there is no snapshot.)</summary>
    public static bool IsStateMissing(Segment oldest, long from) => oldest.Header.Number > from && oldest.Header.PreviousNext > 1;

    private static partial class Messages
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A segment of the journal is gone: what was in {File} is missing")]
        public static partial void SegmentMissing(ILogger logger, string file);

        [LoggerMessage(Level = LogLevel.Error, Message = "No snapshot tells the state of the hub before segment {Segment}: sessions and retained messages may be missing or out of date")]
        public static partial void StateMissing(ILogger logger, long segment);
    }
}
