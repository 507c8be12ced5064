using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Format;

namespace TelemetryHub.Core.Journaling.Segments;

/// <summary>The seal at the very end of a segment's file. Where there is one, everything before it had been on the disk.</summary>
internal static class SegmentSeal
{
    private const int Bytes = FrameReader.MinFrameBytes + SealFrame.BodyBytes;

    /// <summary>Looks for it, whatever stands before.</summary>
    public static bool TryFind(IDiskFile file, uint salt, out long offset, out SealFrame seal)
    {
        seal = default;
        Span<byte> bytes = stackalloc byte[Bytes];
        offset = file.Length - Bytes;
        if (offset < SegmentHeader.Bytes || file.Read(offset, bytes) < Bytes)
            return false;
        var frames = new FrameReader(bytes, salt);
        return frames.Read() == FrameStatus.Whole && frames.Kind == FrameKind.Seal && SealFrame.TryRead(frames.Body, out seal);
    }
}
