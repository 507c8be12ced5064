using System.Text;
using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Format;
using TelemetryHub.Core.Journaling.Segments;

namespace TelemetryHub.Core.Journaling.Inspection;

/// <summary>The files of a journal as they are at a moment, of a hub that may be running. Files may go at any time: then they are as if they had not been.</summary>
internal sealed class JournalFolder
{
    private readonly IDisk _disk;
    private readonly string _data;

    /// <summary>Looks which files there are.</summary>
    /// <exception cref="IOException">There is no journal in the directory, or it cannot be read.</exception>
    public JournalFolder(IDisk disk, string data)
    {
        (_disk, _data) = (disk, data);
        JournalPath = Path.Combine(data, "journal");
        try
        {
            Names = disk.List(JournalPath);
        }
        catch (DirectoryNotFoundException)
        {
            throw new IOException($"There is no journal in '{Path.GetFullPath(data)}'.");
        }

        Segments = SegmentFiles.Numbers(Names, SegmentFiles.SegmentSuffix);
        Snapshots = SegmentFiles.Numbers(Names, SegmentFiles.SnapshotSuffix);
        Repaired = SegmentFiles.Numbers(Names, SegmentFiles.SegmentSuffix + SegmentFiles.DamagedSuffix);
    }

    /// <summary>Where they are.</summary>
    public string JournalPath { get; }

    /// <summary>The names of all files.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The numbers of the segments, ascending.</summary>
    public IReadOnlyList<long> Segments { get; }

    /// <summary>The numbers of the snapshots, ascending.</summary>
    public IReadOnlyList<long> Snapshots { get; }

    /// <summary>The segments whose damaged original was set aside.</summary>
    public IReadOnlyList<long> Repaired { get; }

    /// <summary>The name of the log as it stands there; null when there is none.</summary>
    public string? ReadEpoch()
    {
        try
        {
            using var file = _disk.Open(Path.Combine(_data, "epoch"));
            Span<byte> bytes = stackalloc byte[64];
            return Encoding.Latin1.GetString(bytes[..file.Read(0, bytes)].TrimEnd("\r\n"u8));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Opens a segment; null when retention has dropped it meanwhile.</summary>
    public IDiskFile? TryOpenSegment(long number)
    {
        try
        {
            return _disk.Open(SegmentFiles.Segment(JournalPath, number));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The header of a segment; null when it is gone or has none that can be read.</summary>
    public SegmentHeader? TryReadHeader(long number)
    {
        using var file = TryOpenSegment(number);
        Span<byte> bytes = stackalloc byte[SegmentHeader.Bytes];
        return file is not null && SegmentHeader.TryRead(bytes[..file.Read(0, bytes)], out var header) ? header : null;
    }

    /// <summary>What a segment is that was scanned.</summary>
    public SegmentKind KindOf(SegmentScan scan, long number) => scan.Condition switch
    {
        SegmentCondition.Blank => SegmentKind.Blank,
        SegmentCondition.Damaged or SegmentCondition.NoHeader or SegmentCondition.LaterVersion => SegmentKind.Damaged,
        _ when Repaired.Contains(number) => SegmentKind.Repaired,
        _ when scan.Seal is not null => SegmentKind.Sealed,
        _ => number == Segments[^1] ? SegmentKind.Active : SegmentKind.Ended,
    };
}
