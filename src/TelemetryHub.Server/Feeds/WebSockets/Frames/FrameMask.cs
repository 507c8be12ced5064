using System.Runtime.InteropServices;

namespace TelemetryHub.Server.Feeds.WebSockets.Frames;

/// <summary>The mask of a client's payload (RFC 6455 §5.3).</summary>
internal static class FrameMask
{
    /// <summary>Copies <paramref name="masked"/> without its mask, eight bytes at a time.</summary>
    public static void Remove(ReadOnlySpan<byte> masked, Span<byte> into, uint mask)
    {
        var wide = mask | ((ulong)mask << 32);
        var source = MemoryMarshal.Cast<byte, ulong>(masked);
        var target = MemoryMarshal.Cast<byte, ulong>(into);
        for (var i = 0; i < source.Length; i++)
            target[i] = source[i] ^ wide;
        for (var i = source.Length * sizeof(ulong); i < masked.Length; i++)
            into[i] = (byte)(masked[i] ^ (mask >> (8 * (i % sizeof(uint)))));
    }
}
