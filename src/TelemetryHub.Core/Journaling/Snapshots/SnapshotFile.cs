using System.Buffers.Binary;
using System.Security.Cryptography;
using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Format;
using TelemetryHub.Core.Journaling.Segments;
using TelemetryHub.Core.Log;

namespace TelemetryHub.Core.Journaling.Snapshots;

/// <summary>
/// The state just before a segment, in a file. 24 bytes of header (magic, version u32, salt u32, number of the segment i64), then frames as in a
/// segment: blocks (part u8, bytes), and an end without which it is not whole.
/// </summary>
internal static class SnapshotFile
{
    private const int HeaderBytes = 24;
    private const uint Version = 1;
    private const int WriteBytes = 1 << 20;

    private static ReadOnlySpan<byte> Magic => "THUBSNP1"u8;

    /// <summary>Writes the snapshot; durable when it returns. Returns its length.</summary>
    public static long Write(IDisk disk, string directory, long segment, LogState state)
    {
        var path = SegmentFiles.Snapshot(directory, segment);
        var unfinished = path + SegmentFiles.UnfinishedSuffix;
        disk.Delete(unfinished);
        long length;
        using (var file = disk.Create(unfinished))
        {
            length = Write(file, segment, state);
            file.Sync();
        }
        disk.Rename(unfinished, path);
        disk.SyncDirectory(directory);
        return length;
    }

    /// <summary>Reads a snapshot into an empty state. False when it is not whole; the state is of no use then.</summary>
    public static bool TryRead(IDisk disk, string directory, long segment, LogState into)
    {
        using var file = disk.Open(SegmentFiles.Snapshot(directory, segment));
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (file.Read(0, header) < HeaderBytes || !header.StartsWith(Magic) || BinaryPrimitives.ReadUInt32LittleEndian(header[8..]) != Version
            || BinaryPrimitives.ReadInt64LittleEndian(header[16..]) != segment)
            return false;
        using var frames = new FrameStream(file, HeaderBytes, BinaryPrimitives.ReadUInt32LittleEndian(header[12..]));
        while (frames.Read() == FrameStatus.Whole)
        {
            if (frames.Kind == FrameKind.End)
                return true;
            if (frames.Kind != FrameKind.Block || frames.Body.IsEmpty)
                return false;
            into.Read((StatePart)frames.Body[0], frames.Body[1..]);
        }
        return false;
    }

    private static long Write(IDiskFile file, long segment, LogState state)
    {
        var salt = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint)));
        Span<byte> header = stackalloc byte[HeaderBytes];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], salt);
        BinaryPrimitives.WriteInt64LittleEndian(header[16..], segment);
        file.Write(0, header);
        using var frames = new FrameWriter();
        frames.Reset(new SegmentHeader(segment, 0, 0, 0, SkipReason.None, salt));
        var position = (long)HeaderBytes;
        state.Write((part, block) =>
        {
            frames.Block(part, block);
            if (frames.Count >= WriteBytes)
                Flush();
        });
        frames.End();
        Flush();
        return position;

        void Flush()
        {
            file.Write(position, frames.Written);
            position += frames.Count;
            frames.Clear();
        }
    }
}
