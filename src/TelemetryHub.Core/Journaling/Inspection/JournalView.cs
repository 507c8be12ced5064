using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Segments;

namespace TelemetryHub.Core.Journaling.Inspection;

/// <summary>
/// The segments of a journal as they are at a moment, to be looked at or read from outside: by their indexes where there are any, so that little is read.
/// Changes nothing.
/// </summary>
internal sealed class JournalView
{
    private readonly IDisk _disk;
    private readonly JournalFolder _folder;
    private readonly List<(Segment Segment, SegmentFacts Facts)> _segments = [];

    /// <summary>Looks at the journal of a data directory.</summary>
    /// <exception cref="IOException">There is none, or it cannot be read.</exception>
    public JournalView(IDisk disk, string data)
    {
        (_disk, _folder) = (disk, new JournalFolder(disk, data));
        for (var i = 0; i < _folder.Segments.Count; i++)
        {
            try
            {
                Open(_folder.Segments[i], i + 1 < _folder.Segments.Count ? _folder.Segments[i + 1] : null);
            }
            catch (FileNotFoundException)
            {
                // Retention has dropped it meanwhile: as if it had been so before.
            }
        }
    }

    /// <summary>Its files.</summary>
    public JournalFolder Folder => _folder;

    /// <summary>Those segments that can be read, the oldest first.</summary>
    public IReadOnlyList<(Segment Segment, SegmentFacts Facts)> Segments => _segments;

    private void Open(long number, long? following)
    {
        var path = SegmentFiles.Segment(_folder.JournalPath, number);
        using var file = _disk.Open(path);
        if (SegmentIndexes.TryOpen(_disk, path, out var indexed))
        {
            var kind = _folder.Repaired.Contains(number) ? SegmentKind.Repaired : SegmentKind.Sealed;
            _segments.Add((indexed, Facts(indexed, kind, file.Length)));
            return;
        }

        var end = following is { } next ? _folder.TryReadHeader(next)?.PreviousNext : null;
        var scan = OutsideScan.Of(file, end ?? long.MaxValue);
        if (!scan.HasHeader)
            return;

        var segment = new Segment(_disk, path, scan.Directory);
        _segments.Add((segment, Facts(segment, _folder.KindOf(scan, number), file.Length)));
    }

    private static SegmentFacts Facts(Segment segment, SegmentKind kind, long bytes) => new(
        segment.Header.Number,
        kind,
        bytes,
        segment.Header.FirstSequence,
        segment.NextSequence,
        segment.NextSequence - segment.Header.FirstSequence,
        segment.Header.Created,
        segment.MinTime,
        segment.MaxTime);
}
