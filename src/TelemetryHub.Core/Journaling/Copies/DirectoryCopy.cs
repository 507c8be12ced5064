using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Segments;

namespace TelemetryHub.Core.Journaling.Copies;

/// <summary>
/// Copies what a hub keeps, whether one is running or not; it is not asked and does not notice. The copy is the journal as it was at some moment after the
/// beginning: everything that was acknowledged before is in it.
/// </summary>
/// <remarks>
/// Meanwhile the segment that is written grows, is sealed and followed by others; retention drops the oldest, and snapshots take each other's place. What a start
/// needs is the newest snapshot and the segments from its number on. If one of these is gone, a newer snapshot has made it needless, and the copy begins
/// again with that.
/// </remarks>
internal sealed class DirectoryCopy(IDisk disk, string data, TargetFolder target)
{
    // Each time retention has dropped all between two snapshots within the time of one copy: the disk is far too slow for this journal.
    private const int MaxTries = 10;

    private readonly string _journal = Path.Combine(data, "journal");

    /// <summary>Copies everything into the folder, which is then complete but not finished.</summary>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    public void Run()
    {
        FileCopy.Copy(disk, Path.Combine(data, "epoch"), Path.Combine(target.Path, "epoch"));
        for (var tries = 0; !TryCopy(); tries++)
        {
            if (tries == MaxTries)
                throw new IOException("The journal drops its segments faster than they can be copied.");

            target.Clear();
        }
    }

    private bool TryCopy()
    {
        var names = disk.List(_journal);
        var segments = SegmentFiles.Numbers(names, SegmentFiles.SegmentSuffix);
        var snapshots = SegmentFiles.Numbers(names, SegmentFiles.SnapshotSuffix);
        if (segments.Count == 0 && snapshots.Count == 0)
            throw new IOException($"There is no journal in '{_journal}'.");

        var newest = snapshots.Count == 0 ? 0 : snapshots[^1];
        if (snapshots.Count > 0 && !TryCopySnapshots(snapshots))
            return false;

        // Segments that are made while the names are listed may be seen or not, a later one without an earlier one too: a second look sees
        // all that come before any that the first has seen.
        segments = [.. SegmentFiles.Numbers(disk.List(_journal), SegmentFiles.SegmentSuffix)
            .Where(number => segments.Count > 0 && number <= segments[^1]).Union(segments).Order()];

        foreach (var number in segments.Where(number => number >= newest))
        {
            if (!TryCopySegment(number))
                return false;
        }

        // The others are history: as much of it as is still there, from the newest back, so that nothing is left out in between.
        foreach (var number in segments.Where(number => number < newest).Reverse())
        {
            if (!TryCopySegment(number))
                break;
        }

        return true;
    }

    private bool TryCopySnapshots(List<long> numbers)
    {
        // The one before is for the case that the newest is damaged, and may go meanwhile.
        foreach (var number in numbers)
        {
            if (!TryCopyFile(SegmentFiles.Snapshot(_journal, number), SegmentFiles.Snapshot(target.JournalPath, number)) && number == numbers[^1])
                return false;
        }

        return true;
    }

    private bool TryCopySegment(long number)
    {
        // The index first: when it is there, the segment has been whole for long.
        var index = SegmentFiles.Index(target.JournalPath, number);
        TryCopyFile(SegmentFiles.Index(_journal, number), index);
        try
        {
            SegmentCopy.TryCopy(disk, SegmentFiles.Segment(_journal, number), SegmentFiles.Segment(target.JournalPath, number));
            return true;
        }
        catch (FileNotFoundException)
        {
            disk.Delete(index);
            return false; // dropped
        }
    }

    private bool TryCopyFile(string from, string to)
    {
        try
        {
            FileCopy.Copy(disk, from, to);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false; // dropped or replaced, or never made
        }
    }
}
