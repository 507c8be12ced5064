using Microsoft.Extensions.Logging;
using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Segments;

namespace TelemetryHub.Core.Journaling;

/// <summary>Sets a damaged file aside, of a segment leaves what is whole of it in its place, and tells everybody who should know.</summary>
internal sealed partial class Quarantine(IDisk disk, string directory, JournalHealth health, ILogger logger)
{
    public void SetAside(string path, SegmentScan scan)
    {
        var name = Path.GetFileName(path);
        // What it says of the damaged file is not true any more.
        disk.Delete(Path.Combine(directory, Path.ChangeExtension(name, SegmentFiles.IndexSuffix)));
        SegmentRepair.Repair(disk, path, scan);
        health.Quarantine(name + SegmentFiles.DamagedSuffix);
        if (!scan.HasHeader)
            Messages.Unreadable(logger, name + SegmentFiles.DamagedSuffix);
        else if (scan.Damage.Count == 0)
            Messages.CutShort(logger, name + SegmentFiles.DamagedSuffix, scan.Directory.NextSequence);
        else
            Messages.Damaged(logger, name + SegmentFiles.DamagedSuffix, scan.Damage.Sum(stretch => (long)stretch.Bytes), scan.Damage.Count);
    }

    /// <summary>Sets a snapshot aside that is not whole: nobody may count on it, least of all retention.</summary>
    public void SetAsideSnapshot(string path)
    {
        var damaged = path + SegmentFiles.DamagedSuffix;
        disk.Rename(path, damaged);
        disk.SyncDirectory(directory);
        health.Quarantine(Path.GetFileName(damaged));
        Messages.SnapshotDamaged(logger, Path.GetFileName(damaged));
    }

    private static partial class Messages
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A snapshot of the hub's state was damaged: {File} is what it was; the state is made from what is left of the journal")]
        public static partial void SnapshotDamaged(ILogger logger, string file);

        [LoggerMessage(Level = LogLevel.Error, Message = "The journal was damaged: {File} is what it was; {Bytes} bytes in {Places} places could not be read, and what was in them is missing")]
        public static partial void Damaged(ILogger logger, string file, long bytes, int places);

        [LoggerMessage(Level = LogLevel.Error, Message = "The journal was damaged: without its header nothing in {File} can be read, and what was in it is missing")]
        public static partial void Unreadable(ILogger logger, string file);

        [LoggerMessage(Level = LogLevel.Error, Message = "The journal was damaged: {File} ends too early, and what was in it from event {Sequence} on is missing")]
        public static partial void CutShort(ILogger logger, string file, long sequence);
    }
}
