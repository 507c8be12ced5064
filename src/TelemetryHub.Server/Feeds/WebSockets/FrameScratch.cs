using System.Buffers;
using TelemetryHub.Server.Feeds.WebSockets.Frames;

namespace TelemetryHub.Server.Feeds.WebSockets;

/// <summary>Where a frame is put together, as its header says how long it has become. One per thread, so that no socket has one.</summary>
internal static class FrameScratch
{
    // A larger one, for a large event, is not kept.
    private const int MaxKeptBytes = 256 << 10;

    [ThreadStatic]
    private static PooledBytes? _bytes;

    /// <summary>Empty; for one frame on this thread.</summary>
    public static PooledBytes Take()
    {
        var bytes = _bytes ?? new PooledBytes();
        _bytes = null; // whoever comes in between, should it ever happen, gets another one
        return bytes;
    }

    /// <summary>Writes the frame, if there is anything in it, and takes the scratch back.</summary>
    public static void Write(PooledBytes bytes, Opcode opcode, IBufferWriter<byte> output)
    {
        if (bytes.Count > 0) FrameWriter.Write(output, opcode, bytes.Written);
        if (bytes.Capacity > MaxKeptBytes) bytes.Release();
        else bytes.Clear();
        _bytes = bytes;
    }
}
