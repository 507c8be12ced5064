using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Format;
using TelemetryHub.Core.Journaling.Segments;

namespace TelemetryHub.Core.Journaling;

/// <summary>How the log ended.</summary>
/// <param name="IsCleanStop">The hub stopped in order.</param>
/// <param name="NextSequence">The sequence behind the last event.</param>
/// <param name="RoutedUpTo">Everything below had been routed.</param>
/// <param name="Time">When it was last written, in milliseconds of Unix time.</param>
internal readonly record struct SegmentEnd(bool IsCleanStop, long NextSequence, long RoutedUpTo, long Time)
{
    private const int SealBytes = FrameReader.MinFrameBytes + SealFrame.BodyBytes;

    /// <summary>Reads the seal at the end of a segment that has an index. False when there is none: the segment must be scanned.</summary>
    public static bool TryRead(IDisk disk, Segment segment, out SegmentEnd end)
    {
        end = default;
        using var file = disk.Open(segment.Path);
        Span<byte> bytes = stackalloc byte[SealBytes];
        if (file.Read(segment.Bytes - SealBytes, bytes) < SealBytes)
            return false;
        var frames = new FrameReader(bytes, segment.Header.Salt);
        if (frames.Read() != FrameStatus.Whole || frames.Kind != FrameKind.Seal || !SealFrame.TryRead(frames.Body, out var seal))
            return false;
        end = new SegmentEnd(seal.IsCleanStop, seal.NextSequence, seal.RoutedUpTo, seal.Time);
        return true;
    }
}
