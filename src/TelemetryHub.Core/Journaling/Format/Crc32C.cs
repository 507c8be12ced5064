using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TelemetryHub.Core.Journaling.Format;

/// <summary>CRC-32C (Castagnoli), which the processor computes itself.</summary>
internal static class Crc32C
{
    /// <summary>
    /// The checksum, seeded: with 0 it is the common CRC-32C. With a segment's salt it also tells its frames from those of another segment
    /// that the disk held in the same place before.
    /// </summary>
    public static uint Of(ReadOnlySpan<byte> bytes, uint seed) => ~Continue(bytes, ~seed);

    /// <summary>For a stretch in pieces: starts from <c>~seed</c>; the complement of the last result is the checksum.</summary>
    public static uint Continue(ReadOnlySpan<byte> bytes, uint crc)
    {
        ref var at = ref MemoryMarshal.GetReference(bytes);
        var left = bytes.Length;
        for (; left >= sizeof(ulong); left -= sizeof(ulong), at = ref Unsafe.Add(ref at, sizeof(ulong)))
            crc = BitOperations.Crc32C(crc, Unsafe.ReadUnaligned<ulong>(ref at));
        for (; left > 0; left--, at = ref Unsafe.Add(ref at, 1))
            crc = BitOperations.Crc32C(crc, at);
        return crc;
    }
}
