using Microsoft.Extensions.Logging;
using TelemetryHub.Core.Journaling.Format;
using TelemetryHub.Core.Journaling.Segments;

namespace TelemetryHub.Core.Journaling;

/// <summary>
/// Tells what a start cannot know any more because files are gone that should be there: nothing was damaged that could be set aside, and still
/// nobody may take it for everything.
/// </summary>
internal sealed partial class Completeness(IReadOnlyList<Segment> segments, JournalHealth health, ILogger logger)
{
    /// <summary>
    /// Each segment says what followed the last event of the one before. Nothing follows from that where no number is left out, behind a failure of the disk, and where
    /// a crash was: what had not been synced may be gone, or have never been there, and nobody was promised it.
    /// </summary>
    public void CheckEvents(IReadOnlyList<string> names)
    {
        var damaged = SegmentFiles.Numbers(names, SegmentFiles.SegmentSuffix + SegmentFiles.DamagedSuffix);
        for (var i = 1; i < segments.Count; i++)
        {
            var (before, next) = (segments[i - 1], segments[i].Header);
            var missing = next.PreviousNext - before.NextSequence;
            var isAllThere = missing is <= 0 or >= SegmentRoll.SkippedAfterCrash || next.Number == before.Header.Number + 1 || next.Skip == SkipReason.Lost;
            if (isAllThere || damaged.Exists(number => number >= before.Header.Number && number < next.Number))
                continue;
            health.Lose($"segments between {before.Header.Number} and {next.Number} with events {before.NextSequence} to {next.PreviousNext - 1}");
            Messages.SegmentsMissing(logger, before.Header.Number, next.Number, before.NextSequence, next.PreviousNext - 1);
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
        [LoggerMessage(Level = LogLevel.Error, Message = "Segments of the journal between {Before} and {Next} are gone: events {First} to {Last} are missing")]
        public static partial void SegmentsMissing(ILogger logger, long before, long next, long first, long last);

        [LoggerMessage(Level = LogLevel.Error, Message = "No snapshot tells the state of the hub before segment {Segment}: sessions and retained messages may be missing or out of date")]
        public static partial void StateMissing(ILogger logger, long segment);
    }
}
