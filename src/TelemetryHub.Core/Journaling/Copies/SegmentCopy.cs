using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Format;
using TelemetryHub.Core.Journaling.Segments;

namespace TelemetryHub.Core.Journaling.Copies;

/// <summary>Copies a segment that may be being written: up to its last whole frame at the time.</summary>
internal static class SegmentCopy
{
    /// <summary>Copies it. False when there was nothing in it yet, and there is no copy then.</summary>
    /// <exception cref="FileNotFoundException">It is not there (any more).</exception>
    public static bool TryCopy(IDisk disk, string from, string to)
    {
        using var file = disk.Open(from);
        Span<byte> bytes = stackalloc byte[SegmentHeader.Bytes];
        var read = file.Read(0, bytes);
        if (!bytes[..read].ContainsAnyExcept((byte)0))
            return false;

        // Without a header nothing can be told of it: it is for whoever looks at it later.
        var length = SegmentHeader.TryRead(bytes[..read], out var header) ? WholeLength(file, header.Salt) : file.Length;
        FileCopy.Copy(disk, file, length, to);
        return true;
    }

    /// <summary>What is below it was written before it was looked at and changes no more.</summary>
    private static long WholeLength(IDiskFile file, uint salt)
    {
        using var frames = new FrameStream(file, SegmentHeader.Bytes, salt);
        while (true)
        {
            while (frames.Read() == FrameStatus.Whole)
            {
            }

            // The bytes may have been read while they were written: what was acknowledged before must not be missed.
            var end = frames.Offset;
            if (IsWholeNow(frames, end))
                continue;
            if (!WasOnDisk(file, salt, end))
                return end;
            if (!IsWholeNow(frames, end))
                return file.Length; // damaged: all of it is copied as it is
        }
    }

    private static bool IsWholeNow(FrameStream frames, long offset)
    {
        frames.MoveTo(offset);
        return frames.Read() == FrameStatus.Whole;
    }

    private static bool WasOnDisk(IDiskFile file, uint salt, long offset)
    {
        if (SegmentSeal.TryFind(file, salt, out var seal, out _) && offset < seal)
            return true;

        using var search = new CommitSearch(file, salt);
        search.MoveTo(offset);
        while (search.TryFind(out _, out var commit))
        {
            if (commit.SyncedUpTo > offset)
                return true;
        }

        return false;
    }
}
