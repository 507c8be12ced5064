using System.Buffers.Binary;

namespace TelemetryHub.Core.Journaling.Format;

/// <summary>The last frame of a segment that was finished.</summary>
/// <param name="IsCleanStop">The hub stopped in order: no sequence from <paramref name="NextSequence"/> on was ever shown to anybody.</param>
/// <param name="NextSequence">The sequence behind the segment's last event.</param>
/// <param name="RoutedUpTo">Everything below has been routed.</param>
/// <param name="Time">When it was sealed, in milliseconds of Unix time.</param>
internal readonly record struct SealFrame(bool IsCleanStop, long NextSequence, long RoutedUpTo, long Time)
{
    public const int BodyBytes = 25;

    public void Write(Span<byte> to)
    {
        to[0] = IsCleanStop ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt64LittleEndian(to[1..], NextSequence);
        BinaryPrimitives.WriteInt64LittleEndian(to[9..], RoutedUpTo);
        BinaryPrimitives.WriteInt64LittleEndian(to[17..], Time);
    }

    public static bool TryRead(ReadOnlySpan<byte> body, out SealFrame frame)
    {
        frame = default;
        if (body.Length < BodyBytes)
            return false;
        frame = new SealFrame(
            (body[0] & 1) != 0,
            BinaryPrimitives.ReadInt64LittleEndian(body[1..]),
            BinaryPrimitives.ReadInt64LittleEndian(body[9..]),
            BinaryPrimitives.ReadInt64LittleEndian(body[17..]));
        return frame is { NextSequence: >= 0, RoutedUpTo: >= 0 };
    }
}
