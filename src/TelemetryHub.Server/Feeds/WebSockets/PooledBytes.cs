using System.Buffers;

namespace TelemetryHub.Server.Feeds.WebSockets;

/// <summary>Bytes that are collected in a pooled array, which is held only while there are any.</summary>
internal sealed class PooledBytes : IBufferWriter<byte>
{
    private const int MinBytes = 1024;

    private byte[] _bytes = [];

    public int Count { get; private set; }

    public int Capacity => _bytes.Length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Count);

    public void Advance(int count) => Count += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(Count);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(Count);
    }

    /// <summary>Forgets everything, but keeps the array.</summary>
    public void Clear() => Count = 0;

    /// <summary>Forgets everything and gives the array back.</summary>
    public void Release()
    {
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        Count = 0;
    }

    private void Reserve(int sizeHint)
    {
        var needed = Count + Math.Max(1, sizeHint);
        if (needed <= _bytes.Length) return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(MinBytes, 2 * _bytes.Length)));
        Written.CopyTo(larger);
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
