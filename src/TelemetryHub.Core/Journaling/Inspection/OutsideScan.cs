using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Segments;

namespace TelemetryHub.Core.Journaling.Inspection;

/// <summary>Scans a segment that another process may be writing meanwhile.</summary>
internal static class OutsideScan
{
    private const int MaxTries = 10;

    /// <inheritdoc cref="SegmentScan.Of"/>
    public static SegmentScan Of(IDiskFile file, long endSequence = long.MaxValue)
    {
        var scan = SegmentScan.Of(file, endSequence);
        for (var tries = 1; tries < MaxTries && IsDamaged(scan); tries++)
        {
            // A frame that was read while it was written looks like damage when the rest of the file was read after a later sync. The next time it is whole,
            // and real damage stays where it is.
            var again = SegmentScan.Of(file, endSequence);
            if (IsDamaged(again) && again.Damage[0] == scan.Damage[0])
                return again;

            scan = again;
        }

        return scan;
    }

    private static bool IsDamaged(SegmentScan scan) => scan.Condition == SegmentCondition.Damaged;
}
