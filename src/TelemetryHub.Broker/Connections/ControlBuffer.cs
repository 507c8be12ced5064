using System.Buffers;

namespace TelemetryHub.Broker.Connections;

/// <summary>Answers that wait for the next write, in a pooled array that exists only while there are any.</summary>
internal sealed class ControlBuffer : IBufferWriter<byte>
{
    private const int MinBytes = 256;

    private byte[] _bytes = [];

    public int Count { get; private set; }

    /// <summary>How many packets that is: each is written in one go.</summary>
    public int Packets { get; private set; }

    public void Advance(int count)
    {
        Count += count;
        Packets++;
    }

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

    /// <summary>Moves everything to <paramref name="output"/>.</summary>
    public void MoveTo(IBufferWriter<byte> output)
    {
        if (Count == 0)
            return;
        output.Write(_bytes.AsSpan(0, Count));
        Release();
    }

    public void Release()
    {
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, Count, Packets) = ([], 0, 0);
    }

    private void Reserve(int sizeHint)
    {
        if (_bytes.Length - Count >= Math.Max(sizeHint, 1))
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(MinBytes, Count + Math.Max(sizeHint, Count)));
        _bytes.AsSpan(0, Count).CopyTo(larger);
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
