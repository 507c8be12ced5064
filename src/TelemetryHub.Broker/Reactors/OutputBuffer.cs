using System.Buffers;

namespace TelemetryHub.Broker.Reactors;

/// <summary>
/// The reactor's one output buffer: every connection in turn encodes into it and what it holds is sent at once.
/// Grows for a packet that is larger, and shrinks back afterwards.
/// </summary>
internal sealed class OutputBuffer(int capacity) : IBufferWriter<byte>
{
    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(capacity, pinned: true);
    private int _count;

    public int Count => _count;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _count);

    public void Clear()
    {
        _count = 0;
        if (_bytes.Length > capacity)
            _bytes = GC.AllocateUninitializedArray<byte>(capacity, pinned: true);
    }

    public void Advance(int count) => _count += count;

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        // Never an empty one: whoever writes piece by piece would go on for ever.
        var needed = Math.Max(sizeHint, 1);
        if (_bytes.Length - _count < needed)
            Grow(needed);
        return _bytes.AsMemory(_count);
    }

    private void Grow(int sizeHint)
    {
        var larger = GC.AllocateUninitializedArray<byte>(Math.Max(_bytes.Length * 2, _count + sizeHint), pinned: true);
        Written.CopyTo(larger);
        _bytes = larger;
    }
}
