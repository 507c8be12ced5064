using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Format;
using TelemetryHub.Core.Journaling.Segments;
using TelemetryHub.Core.Journaling.Snapshots;
using TelemetryHub.Core.Log;

namespace TelemetryHub.Core.Journaling.Inspection;

/// <summary>
/// Reads everything there is of a journal and tells what is wrong with it, and where: checksums, order, that nothing is missing between the files, and
/// that the hub's state can be made from it. Changes nothing, asks no hub.
/// </summary>
internal sealed class JournalCheck(IDisk disk, string data, IReadOnlyList<Func<IStateImage>> parts)
{
    private readonly JournalFindings _findings = new();
    private readonly JournalFolder _folder = new(disk, data);
    private long? _next; // the sequence behind the last event so far; null while that is not known
    private LogState? _state = new(parts); // null when it cannot be made
    private long _stateFrom; // the segment from which on it is to be made

    public JournalFindings Run()
    {
        CheckEpoch();
        foreach (var number in _folder.Snapshots)
            CheckSnapshot(number);

        for (var i = 0; i < _folder.Segments.Count; i++)
            CheckSegment(_folder.Segments[i], i + 1 < _folder.Segments.Count ? _folder.Segments[i + 1] : null);

        CheckBeginning();
        foreach (var number in _folder.Repaired)
            _findings.AddNote(Name(number), "is a copy from which damage was cut; the original is beside it, as .damaged");

        return _findings;
    }

    private static string Name(long number) => Path.GetFileName(SegmentFiles.Segment("", number));

    private void CheckEpoch()
    {
        _findings.Epoch = _folder.ReadEpoch();
        if (_findings.Epoch is null)
            _findings.AddProblem("epoch", "is missing: nobody knows which log this is");
        else if (!DataDirectory.IsEpoch(_findings.Epoch))
            _findings.AddProblem("epoch", "is damaged: it is not 12 characters of 0-9 and a-z");
    }

    private void CheckSnapshot(long number)
    {
        var name = Path.GetFileName(SegmentFiles.Snapshot("", number));
        try
        {
            var state = new LogState(parts);
            if (SnapshotFile.TryRead(disk, _folder.JournalPath, number, state))
            {
                _findings.AddSnapshot(number);
                (_state, _stateFrom) = (state, number);
            }
            else
            {
                _findings.AddProblem(name, "is damaged or not whole");
            }
        }
        catch (FileNotFoundException)
        {
            // A newer one has taken its place.
        }
        catch (InvalidDataException wrong)
        {
            _findings.AddProblem(name, $"cannot be understood: {wrong.Message}");
        }
    }

    private void CheckSegment(long number, long? following)
    {
        using var file = _folder.TryOpenSegment(number);
        if (file is null)
        {
            // Dropped meanwhile, with all before it, and a newer snapshot is there.
            (_next, _state) = (null, null);
            return;
        }

        var end = following is { } next ? _folder.TryReadHeader(next)?.PreviousNext : null;
        var scan = OutsideScan.Of(file, end ?? long.MaxValue);
        var shouldEnd = scan.Seal is null ? end : null;
        var isCutShort = scan.HasHeader && shouldEnd > scan.Directory.NextSequence;
        var kind = isCutShort ? SegmentKind.Damaged : _folder.KindOf(scan, number);
        ReportCondition(scan, number, kind);
        if (!scan.HasHeader)
        {
            _next = null;
            if (kind == SegmentKind.Blank)
                _findings.Add(new SegmentFacts(number, kind, file.Length, 0, 0, 0, 0, long.MaxValue, long.MinValue));
            return;
        }

        CheckOrder(number, scan.Directory.Header);
        if (isCutShort)
            _findings.AddProblem(Name(number), $"cannot be read behind offset {scan.EndOffset}: events {scan.Directory.NextSequence} to {shouldEnd - 1} are missing");
        _findings.Add(Facts(number, kind, file.Length, scan.Directory));
        CheckState(number, scan.Directory);
        if (kind != SegmentKind.Damaged)
            CheckIndex(number, scan.Directory);
        _next = shouldEnd ?? scan.Directory.NextSequence;
    }

    private void ReportCondition(SegmentScan scan, long number, SegmentKind kind)
    {
        var name = Name(number);
        switch (scan.Condition)
        {
            case SegmentCondition.LaterVersion:
                _findings.AddProblem(name, "a later version of the program has written it");
                break;
            case SegmentCondition.NoHeader:
                _findings.AddProblem(name, "its header is damaged, and without it nothing in it can be read");
                break;
            case SegmentCondition.Torn when kind != SegmentKind.Damaged:
                _findings.AddNote(name, $"was being written: what stands behind offset {scan.EndOffset} was not finished");
                break;
            default:
                foreach (var stretch in scan.Damage)
                    _findings.AddProblem(name, $"{stretch.Bytes} bytes at offset {stretch.Offset} are damaged");
                break;
        }

        if (scan.HasHeader && CountMissing(scan.Directory) is var missing and > 0)
        {
            var text = $"{missing} of its events are lost by damage";
            if (kind == SegmentKind.Damaged)
                _findings.AddProblem(name, text);
            else
                _findings.AddNote(name, text);
        }
    }

    private void CheckOrder(long number, in SegmentHeader header)
    {
        var name = Name(number);
        if (header.Number != number)
            _findings.AddProblem(name, $"is segment {header.Number} by its header");
        if (_next is { } expected && header.PreviousNext > expected)
            _findings.AddProblem(name, $"events {expected} to {header.PreviousNext - 1}, before it, are missing");
        else if (_next is { } passed && header.PreviousNext < passed)
            _findings.AddProblem(name, $"follows event {header.PreviousNext - 1}, but the segment before ends with event {passed - 1}");

        if (header.Skip == SkipReason.Lost && header.FirstSequence > header.PreviousNext)
            _findings.AddNote(name, $"events {header.PreviousNext} to {header.FirstSequence - 1}, before it, were delivered and not kept: the disk had failed");
        else if (header.Skip == SkipReason.Crash)
            _findings.AddNote(name, $"the hub had not stopped in order before it; sequences go on at {header.FirstSequence}");
        else if (header.FirstSequence > header.PreviousNext)
            _findings.AddProblem(name, $"sequences go on at {header.FirstSequence} instead of {header.PreviousNext} without a reason");
    }

    /// <summary>A start must be able to make the hub's state from the newest snapshot and the segments from there on.</summary>
    private void CheckState(long number, SegmentDirectory directory)
    {
        if (number < _stateFrom || _state is null)
            return;

        try
        {
            SegmentState.Apply(new Segment(disk, SegmentFiles.Segment(_folder.JournalPath, number), directory), _state);
        }
        catch (InvalidDataException wrong)
        {
            _findings.AddProblem(Name(number), $"a record of the hub's state cannot be understood: {wrong.Message}");
            _state = null;
        }
        catch (FileNotFoundException)
        {
            _state = null; // dropped meanwhile: there is a newer snapshot
        }
    }

    private void CheckIndex(long number, SegmentDirectory directory)
    {
        var path = SegmentFiles.IndexOf(SegmentFiles.Segment(_folder.JournalPath, number));
        if (_folder.Names.Contains(Path.GetFileName(path)) && IndexCheck.Problem(disk, path, directory) is { } problem)
            _findings.AddProblem(Path.GetFileName(path), problem);
    }

    /// <summary>Before the first segment there must be a snapshot, or nothing.</summary>
    private void CheckBeginning()
    {
        if (_folder.Segments is not [var first, ..] || _findings.Segments is not [var oldest, ..] || oldest.Number != first)
            return;

        // Retention is at work, and the names are older than it.
        if (_folder.TryReadHeader(first) is not { } header)
            return;

        if (_findings.Snapshots is not [.., var newest])
        {
            if (header.PreviousNext > 1)
                _findings.AddProblem(Name(first), "no snapshot tells the state of the hub before it");
        }
        else if (first > newest && _folder.Snapshots.Contains(newest))
        {
            // A number is left out for each try to make a segment while the disk fails.
            _findings.AddNote(Name(first), $"is the oldest, and the newest snapshot stands before segment {newest}: those between were never made, or somebody removed them");
        }
    }

    private static long CountMissing(SegmentDirectory directory)
    {
        var missing = 0L;
        for (var sequence = directory.Header.FirstSequence; sequence < directory.NextSequence; sequence++)
            missing += directory.OffsetOf(sequence) == 0 ? 1 : 0;

        return missing;
    }

    private static SegmentFacts Facts(long number, SegmentKind kind, long bytes, SegmentDirectory directory) => new(
        number,
        kind,
        bytes,
        directory.Header.FirstSequence,
        directory.NextSequence,
        directory.EventCount - CountMissing(directory),
        directory.Header.Created,
        directory.MinTime,
        directory.MaxTime);
}
