namespace TelemetryHub.Core.Journaling.Format;

/// <summary>Unsigned LEB128: seven bits a byte, the lowest first. Signed numbers go through <see cref="ZigZag"/>.</summary>
internal static class Varint
{
    public const int MaxBytes = 10;

    /// <summary>Writes at <paramref name="at"/> and returns where it ended.</summary>
    public static int Write(Span<byte> to, int at, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            to[at++] = (byte)(value | 0x80);
        to[at++] = (byte)value;
        return at;
    }

    /// <summary>Reads at <paramref name="at"/> and moves it on; false at the end of the bytes and for what is longer than 64 bits.</summary>
    public static bool TryRead(ReadOnlySpan<byte> from, ref int at, out ulong value)
    {
        value = 0;
        for (var shift = 0; (uint)at < (uint)from.Length; shift += 7)
        {
            var next = from[at++];
            if (shift == 63 && next > 1)
                return false;
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return true;
        }
        return false;
    }

    /// <summary>The same for a number that is an index or a length.</summary>
    public static bool TryRead(ReadOnlySpan<byte> from, ref int at, out int value)
    {
        var whole = TryRead(from, ref at, out ulong wide) && wide <= int.MaxValue;
        value = whole ? (int)wide : 0;
        return whole;
    }

    public static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    public static long UnZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);
}
