using System.Buffers;

namespace TelemetryHub.Broker.Reactors;

/// <summary>Bytes that a connection must keep between two turns, in a pooled array that it has only while there are any.</summary>
internal unsafe struct Pending
{
    private const int MinBytes = 4096;

    private byte[]? _bytes;
    private int _start;
    private int _end;

    public readonly int Count => _end - _start;

    public readonly ReadOnlySpan<byte> Bytes => _bytes.AsSpan(_start, Count);

    public void Keep(ReadOnlySpan<byte> bytes)
    {
        _bytes = ArrayPool<byte>.Shared.Rent(Math.Max(bytes.Length, MinBytes));
        bytes.CopyTo(_bytes);
        (_start, _end) = (0, bytes.Length);
    }

    public void Consume(int count)
    {
        _start += count;
        if (_start == _end)
            Release();
    }

    /// <summary>
    /// Receives behind what is kept. Grows towards <paramref name="needed"/> by doubling, so that a length that is only
    /// announced costs nothing until its bytes arrive.
    /// </summary>
    public int Receive(int socket, int needed)
    {
        if (_end == _bytes!.Length)
            MakeSpace(needed);
        fixed (byte* first = &_bytes[_end])
        {
            var received = Libc.Receive(socket, first, _bytes.Length - _end);
            if (received > 0)
                _end += received;
            return received;
        }
    }

    public void Release()
    {
        if (_bytes is null)
            return;
        ArrayPool<byte>.Shared.Return(_bytes);
        this = default;
    }

    private void MakeSpace(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(MinBytes, Math.Min(Math.Max(needed, Count + 1), Count * 2)));
        Bytes.CopyTo(larger);
        var count = Count;
        ArrayPool<byte>.Shared.Return(_bytes!);
        (_bytes, _start, _end) = (larger, 0, count);
    }
}
