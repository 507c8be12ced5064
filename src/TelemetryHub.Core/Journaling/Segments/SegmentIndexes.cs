using System.Diagnostics.CodeAnalysis;
using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Format;

namespace TelemetryHub.Core.Journaling.Segments;

/// <summary>The index files beside the segments: a start knows a segment by its index alone, and a segment that is finished gets one.</summary>
internal static class SegmentIndexes
{
    /// <summary>A segment as its index knows it. False when there is none, or it is not of this file as it is now: then the segment must be scanned.</summary>
    public static bool TryOpen(IDisk disk, string path, [NotNullWhen(true)] out Segment? segment)
    {
        segment = null;
        if (!SegmentIndex.TryReadHeader(disk, SegmentFiles.IndexOf(path), out var header) || !IsOf(disk, path, header))
            return false;
        segment = new Segment(disk, path, header.Segment, header.EndOffset, header.NextSequence, header.MinTime, header.MaxTime);
        return true;
    }

    /// <summary>Makes the index of a segment that is finished and lets go of its directory in memory; nothing when the disk does not take it now.</summary>
    public static void TryMake(Segment segment)
    {
        try
        {
            segment.MakeIndex();
        }
        catch (IOException)
        {
            // The directory serves as well; the keeper tries again.
        }
    }

    /// <summary>Makes those that are wanting.</summary>
    /// <exception cref="IOException">The disk is full or failing.</exception>
    public static void Make(SegmentList segments)
    {
        foreach (var segment in segments.All)
        {
            segment.TrySecure();
            segment.MakeIndex();
        }
    }

    private static bool IsOf(IDisk disk, string path, in IndexHeader header)
    {
        using var file = disk.Open(path);
        Span<byte> bytes = stackalloc byte[SegmentHeader.Bytes];
        return file.Length == header.EndOffset
            && SegmentHeader.TryRead(bytes[..file.Read(0, bytes)], out var segment)
            && segment == header.Segment;
    }
}
