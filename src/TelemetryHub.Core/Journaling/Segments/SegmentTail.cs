using TelemetryHub.Core.Journaling.Disks;

namespace TelemetryHub.Core.Journaling.Segments;

/// <summary>The end of a segment that was not finished in order, for a kill or a failure of the disk: what stands in it may be in the system's memory alone.</summary>
internal static class SegmentTail
{
    private const int PieceBytes = 1 << 20;

    /// <summary>
    /// Makes durable what stands between two offsets, and cuts off what is behind: what has been found in a segment must not be missing later, for what comes
    /// builds upon it. False when the disk does not do it now.
    /// </summary>
    public static bool TrySecure(IDisk disk, string path, int from, int end)
    {
        try
        {
            using var file = disk.Open(path, writable: true);
            // To sync it is not enough: after a sync that failed the system takes the bytes for written, and never tries again.
            Rewrite(file, from, end);
            if (file.Length != end)
                file.SetLength(end);
            file.Sync();
            return true;
        }
        catch (IOException)
        {
            return false; // whether the disk can be written is found out, and told, by who writes the next segment
        }
    }

    private static void Rewrite(IDiskFile file, int from, int end)
    {
        var piece = new byte[Math.Clamp(end - from, 0, PieceBytes)];
        for (var at = from; at < end;)
        {
            var read = file.Read(at, piece.AsSpan(0, Math.Min(piece.Length, end - at)));
            if (read == 0)
                return;
            file.Write(at, piece.AsSpan(0, read));
            at += read;
        }
    }
}
