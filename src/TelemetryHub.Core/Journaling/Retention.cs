using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Segments;
using TelemetryHub.Core.Journaling.Snapshots;

namespace TelemetryHub.Core.Journaling;

/// <summary>Drops the oldest segments by age and bytes: whole ones, never one that is read, nor one that a start would need. The keeper's.</summary>
internal sealed class Retention(IDisk disk, string directory, SegmentList segments, SnapshotMaker snapshots, JournalSettings settings, JournalHealth health, TimeProvider time)
{
    private Segment? _leaving; // it has left the list, and its files may still be there

    /// <exception cref="IOException">The disk does not delete. It is tried again with the next call; nothing newer is dropped before.</exception>
    public void Apply()
    {
        Delete();
        while (segments.All is [var oldest, _, ..] && IsDue(oldest))
        {
            var number = oldest.Header.Number;
            if (number >= snapshots.Safe)
                snapshots.Make();
            if (number >= snapshots.Safe || !segments.TryDropOldest(oldest))
                return;
            health.CountDropped(oldest.NextSequence - oldest.Header.FirstSequence);
            _leaving = oldest;
            Delete();
        }
    }

    // One by one, in order: a power cut must not leave an older one without a newer one.
    private void Delete()
    {
        if (_leaving is not { } leaving)
            return;
        disk.Delete(SegmentFiles.IndexOf(leaving.Path));
        disk.Delete(leaving.Path);
        disk.SyncDirectory(directory);
        _leaving = null;
    }

    private bool IsDue(Segment oldest) => Bytes() > settings.MaxBytes || (settings.MaxAge > TimeSpan.Zero && IsTooOld(oldest));

    private bool IsTooOld(Segment segment) =>
        Math.Max(segment.MaxTime, segment.Header.Created) < (time.GetUtcNow() - settings.MaxAge).ToUnixTimeMilliseconds();

    // The last one takes its full length from the beginning.
    private long Bytes()
    {
        var all = segments.All;
        var bytes = (long)settings.SegmentBytes;
        for (var i = 0; i < all.Count - 1; i++)
            bytes += all[i].Bytes;
        return bytes;
    }
}
