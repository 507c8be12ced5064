using System.Buffers.Binary;

namespace TelemetryHub.Core.Journaling.Format;

/// <summary>The first frame of every batch.</summary>
/// <param name="SyncedUpTo">The offset in the segment's file up to which it was known to be on disk when this was written.</param>
/// <param name="Time">When the batch was written, in milliseconds of Unix time.</param>
/// <param name="NextSequence">The sequence of the first event behind it.</param>
/// <param name="RoutedUpTo">Everything below has been routed.</param>
internal readonly record struct CommitFrame(int SyncedUpTo, long Time, long NextSequence, long RoutedUpTo)
{
    public const int BodyBytes = 36;

    /// <summary>How a commit frame is found again behind damage: these bytes stand right behind its kind. The checksum must agree as well.</summary>
    public static ReadOnlySpan<byte> Magic => [0xC3, 0x54, 0x48, 0x43, 0x4F, 0x4D, 0x4D, 0xF5];

    public void Write(Span<byte> to)
    {
        Magic.CopyTo(to);
        BinaryPrimitives.WriteInt32LittleEndian(to[8..], SyncedUpTo);
        BinaryPrimitives.WriteInt64LittleEndian(to[12..], Time);
        BinaryPrimitives.WriteInt64LittleEndian(to[20..], NextSequence);
        BinaryPrimitives.WriteInt64LittleEndian(to[28..], RoutedUpTo);
    }

    public static bool TryRead(ReadOnlySpan<byte> body, out CommitFrame frame)
    {
        frame = default;
        if (body.Length < BodyBytes || !body.StartsWith(Magic))
            return false;
        frame = new CommitFrame(
            BinaryPrimitives.ReadInt32LittleEndian(body[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(body[12..]),
            BinaryPrimitives.ReadInt64LittleEndian(body[20..]),
            BinaryPrimitives.ReadInt64LittleEndian(body[28..]));
        return frame is { SyncedUpTo: >= 0, NextSequence: >= 0, RoutedUpTo: >= 0 };
    }
}
