using System.Buffers;
using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Format;

namespace TelemetryHub.Core.Journaling.Segments;

/// <summary>
/// Puts a damaged segment away and leaves a copy in its place that has holes where the damage is. Interrupted anywhere, it is found by
/// <see cref="Interrupted"/> or by the next scan, and done again.
/// </summary>
internal static class SegmentRepair
{
    private const int PieceBytes = 1 << 20;

    /// <summary>
    /// Repairs what <paramref name="scan"/> found. Without a header nothing can be repaired: then the file is only put away.
    /// </summary>
    /// <param name="disk">Where it is.</param>
    /// <param name="path">The segment's path. If only its original is there, put away before, then that was scanned.</param>
    /// <param name="scan">Says what is damaged.</param>
    /// <exception cref="IOException">The disk is full or failing. Readers find their way through the damaged file as well.</exception>
    public static void Repair(IDisk disk, string path, SegmentScan scan)
    {
        var directory = Path.GetDirectoryName(path)!;
        var original = path + SegmentFiles.DamagedSuffix;
        var isPutAway = !disk.List(directory).Contains(Path.GetFileName(path));
        if (scan.HasHeader)
        {
            var copy = path + SegmentFiles.UnfinishedSuffix;
            Copy(disk, isPutAway ? original : path, copy, scan);
            // Its name must be there before the original has another, and the original's before the copy has it: each state is told from the others.
            disk.SyncDirectory(directory);
            PutAway();
            disk.Rename(copy, path);
            disk.SyncDirectory(directory);
        }
        else
        {
            PutAway();
        }

        void PutAway()
        {
            if (isPutAway)
                return;
            disk.Delete(SegmentFiles.IndexOf(path)); // it says where events are that are lost
            disk.Rename(path, original);
            disk.SyncDirectory(directory);
        }
    }

    /// <summary>The segments, by their numbers, that are put away and whose copy is not in place. Those without a header stay so.</summary>
    public static IEnumerable<long> Interrupted(IReadOnlyList<string> names) =>
        SegmentFiles.Numbers(names, SegmentFiles.SegmentSuffix + SegmentFiles.DamagedSuffix)
            .Except(SegmentFiles.Numbers(names, SegmentFiles.SegmentSuffix));

    private static void Copy(IDisk disk, string path, string copyPath, SegmentScan scan)
    {
        disk.Delete(copyPath);
        using var file = disk.Open(path);
        using var copy = disk.Create(copyPath);
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            var at = 0;
            foreach (var damage in scan.Damage)
            {
                CopyRange(file, copy, (at, damage.Offset), piece);
                WriteHoles(copy, damage, scan.Directory!.Header);
                at = damage.Offset + damage.Bytes;
            }
            CopyRange(file, copy, (at, scan.EndOffset), piece);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
        copy.Sync();
    }

    private static void CopyRange(IDiskFile file, IDiskFile copy, (int From, int To) range, byte[] piece)
    {
        for (var at = range.From; at < range.To;)
        {
            var read = file.Read(at, piece.AsSpan(0, Math.Min(piece.Length, range.To - at)));
            if (read == 0)
                throw new EndOfStreamException("A segment became shorter while it was copied.");
            copy.Write(at, piece.AsSpan(0, read));
            at += read;
        }
    }

    // A long stretch is several holes, so that none is longer than what is read at once.
    private static void WriteHoles(IDiskFile copy, DamagedStretch damage, in SegmentHeader header)
    {
        using var frames = new FrameWriter();
        frames.Reset(header);
        for (var (at, left) = (damage.Offset, damage.Bytes); left > 0;)
        {
            var hole = left <= PieceBytes ? left : Math.Min(PieceBytes, left - FrameReader.MinFrameBytes);
            frames.Clear();
            frames.Hole(hole);
            copy.Write(at, frames.Written);
            (at, left) = (at + hole, left - hole);
        }
    }
}
