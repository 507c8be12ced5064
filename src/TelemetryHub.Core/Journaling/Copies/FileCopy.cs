using System.Buffers;
using TelemetryHub.Core.Journaling.Disks;

namespace TelemetryHub.Core.Journaling.Copies;

/// <summary>Copies bytes from file to file; they are on the disk when it returns, the name only with its directory.</summary>
internal static class FileCopy
{
    private const int PieceBytes = 1 << 20;

    /// <summary>Copies a whole file.</summary>
    public static void Copy(IDisk disk, string from, string to)
    {
        using var source = disk.Open(from);
        Copy(disk, source, source.Length, to);
    }

    /// <summary>Copies the beginning of an open file; less if it is shorter by now.</summary>
    public static void Copy(IDisk disk, IDiskFile source, long length, string to)
    {
        using var target = disk.Create(to);
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            for (long at = 0; at < length;)
            {
                var read = source.Read(at, piece.AsSpan(0, (int)Math.Min(PieceBytes, length - at)));
                if (read == 0)
                    break;

                target.Write(at, piece.AsSpan(0, read));
                at += read;
            }

            target.Sync();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }
}
