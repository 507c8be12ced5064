using Microsoft.Extensions.Logging;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Format;
using TelemetryHub.Core.Journaling.Reading;
using TelemetryHub.Core.Journaling.Segments;
using TelemetryHub.Core.Journaling.Snapshots;
using TelemetryHub.Core.Log;

namespace TelemetryHub.Core.Journaling;

/// <summary>
/// What is done with a journal's directory before it goes on: unfinished files are removed, a torn end is cut, damage is quarantined, and the state is
/// taken from the newest snapshot and what follows it. Interrupted anywhere, it can be done again.
/// </summary>
internal sealed class Recovery(IDisk disk, string directory, TopicTable topics, IReadOnlyList<Func<IStateImage>> parts, JournalHealth health, ILogger logger)
{
    private readonly List<Segment> _segments = [];
    private readonly Quarantine _quarantine = new(disk, directory, health, logger);
    private readonly Dictionary<long, SegmentEnd> _ends = []; // of the segments that were scanned

    public RecoveredLog Run()
    {
        var names = disk.List(directory);
        RemoveUnfinished(names);
        OpenSegments(names);
        // A killed process may not have come to it: the name of a segment must not be lost when the one behind it, which counts on it, has its own.
        disk.SyncDirectory(directory);
        var snapshots = SegmentFiles.Numbers(names, SegmentFiles.SnapshotSuffix);
        var state = LogState.Recover(disk, directory, parts, snapshots, out var from);
        // Nothing must be dropped for the sake of one that cannot be read.
        foreach (var bad in snapshots.Where(number => number > from))
            _quarantine.SetAsideSnapshot(SegmentFiles.Snapshot(directory, bad));
        var completeness = new Completeness(_segments, health, logger);
        completeness.CheckEvents(disk.List(directory));
        completeness.CheckState(from, hasNewest: from > 0 && from == snapshots[^1]);
        var stateBytes = 0L;
        foreach (var segment in _segments)
        {
            if (segment.Header.Number >= from)
                stateBytes += SegmentState.Apply(segment, state);
        }
        // Behind every number that was ever used: no segment may come behind a snapshot that claims to know it, or beside its own damaged file.
        var last = _segments.Count == 0 ? 0 : _segments[^1].Header.Number;
        var used = Math.Max(last, LastUsed(disk.List(directory), snapshots));
        var end = _segments.Count == 0 ? new SegmentEnd(IsCleanStop: true, NextSequence: 1, RoutedUpTo: 1, Time: 0) : EndOf(_segments[^1]);
        var recovered = new RecoveredState(state.Retained.ToEvents(topics), Unrouted(end), state.Of, end.Time);
        return new RecoveredLog(_segments, snapshots.FindAll(number => number <= from), stateBytes, recovered, StartBehind(end, used + 1, unreadable: used - last), end.RoutedUpTo);
    }

    // Also those of which only something beside them is there.
    private static long LastUsed(IReadOnlyList<string> names, List<long> snapshots)
    {
        var damaged = SegmentFiles.Numbers(names, SegmentFiles.SegmentSuffix + SegmentFiles.DamagedSuffix);
        var indexed = SegmentFiles.Numbers(names, SegmentFiles.IndexSuffix);
        return Math.Max(snapshots is [.., var newest] ? newest - 1 : 0, Math.Max(damaged is [.., var put] ? put : 0, indexed is [.., var lost] ? lost : 0));
    }

    // After a crash numbers may have been shown to somebody and not be on disk: all that there could be are left out. Each segment at the end that cannot be
    // read may have begun so far behind the one before it, and gone as far.
    private static LogStart StartBehind(SegmentEnd end, long number, long unreadable) => end.IsCleanStop && unreadable == 0
        ? new LogStart(number, end.NextSequence, end.NextSequence, SkipReason.None)
        : new LogStart(number, end.NextSequence, end.NextSequence + (SegmentRoll.SkippedAfterCrash * (1 + (2 * unreadable))), SkipReason.Crash);

    private void RemoveUnfinished(IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            if (name.EndsWith(SegmentFiles.UnfinishedSuffix, StringComparison.Ordinal))
                disk.Delete(Path.Combine(directory, name));
        }
    }

    private void OpenSegments(IReadOnlyList<string> names)
    {
        // Put away, and the copy not yet in place: the original is there to do it again.
        foreach (var number in SegmentRepair.Interrupted(names))
            RepairInterrupted(SegmentFiles.Segment(directory, number));
        var numbers = SegmentFiles.Numbers(disk.List(directory), SegmentFiles.SegmentSuffix);
        for (var i = 0; i < numbers.Count; i++)
        {
            var isLast = i == numbers.Count - 1;
            if (Open(numbers[i], isLast ? long.MaxValue : FirstBehind(numbers[i + 1])) is { } segment)
                _segments.Add(segment);
        }
    }

    private void RepairInterrupted(string path)
    {
        using var file = disk.Open(path + SegmentFiles.DamagedSuffix);
        var scan = SegmentScan.Of(file);
        if (scan.HasHeader)
            _quarantine.SetAside(path, scan);
    }

    // What its successor says to have followed the segment: whatever was written from there on has been given up.
    private long FirstBehind(long successor)
    {
        using var file = disk.Open(SegmentFiles.Segment(directory, successor));
        Span<byte> bytes = stackalloc byte[SegmentHeader.Bytes];
        return SegmentHeader.TryRead(bytes[..file.Read(0, bytes)], out var header) ? header.PreviousNext : long.MaxValue;
    }

    private Segment? Open(long number, long endSequence)
    {
        var path = SegmentFiles.Segment(directory, number);
        if (SegmentIndexes.TryOpen(disk, path, out var indexed))
            return indexed;
        var scan = Scan(path, endSequence);
        if (scan.Condition == SegmentCondition.LaterVersion)
            throw new InvalidDataException($"'{path}' was written by a later version of TelemetryHub, which must read it.");
        var isDamaged = scan.Condition is SegmentCondition.Damaged or SegmentCondition.NoHeader || IsCutShort(scan, path);
        if (isDamaged)
            _quarantine.SetAside(path, scan);
        var isUnused = !isDamaged && IsUnused(scan);
        if (isUnused)
            disk.Delete(path);
        if (isUnused || !scan.HasHeader)
            return null;
        var isSecure = isDamaged || SegmentTail.TrySecure(disk, path, scan.SyncedUpTo, scan.EndOffset);
        _ends[number] = new SegmentEnd(scan.Seal is { IsCleanStop: true }, scan.Directory.NextSequence, scan.RoutedUpTo, scan.LastTime);
        var segment = new Segment(disk, path, scan.Directory) { DoubtfulFrom = isSecure ? null : scan.SyncedUpTo };
        if (endSequence != long.MaxValue)
            SegmentIndexes.TryMake(segment); // what many segments hold in memory is too much to wait for the keeper
        return segment;
    }

    // An index is made of what is on disk for good. A copy that was repaired before lacks its end, and has an index of its own.
    private bool IsCutShort(SegmentScan scan, string path) =>
        scan.HasHeader && SegmentIndex.TryReadHeader(disk, SegmentFiles.IndexOf(path), out var index)
        && index.Segment == scan.Directory.Header && index.NextSequence > scan.Directory.NextSequence;

    // Header and first commit frame are on disk before anything is taken for the segment.
    private static bool IsUnused(SegmentScan scan) => scan.Condition == SegmentCondition.Blank
        || (scan.HasHeader && scan.Condition != SegmentCondition.Damaged && scan.EndOffset == SegmentHeader.Bytes);

    private SegmentScan Scan(string path, long endSequence)
    {
        using var file = disk.Open(path);
        return SegmentScan.Of(file, endSequence);
    }

    private SegmentEnd EndOf(Segment segment)
    {
        if (_ends.TryGetValue(segment.Header.Number, out var end) || SegmentEnd.TryRead(disk, segment, out end))
            return end;
        var scan = Scan(segment.Path, long.MaxValue);
        return new SegmentEnd(scan.Seal is { IsCleanStop: true }, segment.NextSequence, scan.RoutedUpTo, scan.LastTime);
    }

    private List<Event> Unrouted(SegmentEnd end)
    {
        List<Event> events = [];
        if (end.RoutedUpTo >= end.NextSequence)
            return events;
        using var reader = new JournalReader(new SegmentList(_segments), topics, JournalStart.At(end.RoutedUpTo));
        var batch = new Event[256];
        for (int count; (count = reader.Read(batch)) > 0;)
            events.AddRange(batch.AsSpan(0, count));
        return events;
    }
}
