using System.Buffers;
using System.Text;

namespace TelemetryHub.Broker.Recovery;

/// <summary>Writes a record, beginning in the caller's memory and growing through the array pool. Dispose when the record is appended.</summary>
internal ref struct RecordWriter(Span<byte> initial)
{
    private const int MaxNumberBytes = 10;

    private Span<byte> _buffer = initial;
    private byte[]? _rented;
    private int _written;

    public readonly ReadOnlySpan<byte> Written => _buffer[.._written];

    public readonly int Count => _written;

    public void Byte(byte value) => Reserve(1)[_written++] = value;

    /// <summary>Seven bits per byte, least first.</summary>
    public void Number(long value)
    {
        var buffer = Reserve(MaxNumberBytes);
        var rest = (ulong)value;
        for (; rest >= 0x80; rest >>= 7)
            buffer[_written++] = (byte)(rest | 0x80);
        buffer[_written++] = (byte)rest;
    }

    /// <summary>The length, then the bytes.</summary>
    public void Block(ReadOnlySpan<byte> bytes)
    {
        Number(bytes.Length);
        Rest(bytes);
    }

    public void Text(string text)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        Number(bytes);
        Encoding.UTF8.GetBytes(text, Reserve(bytes)[_written..]);
        _written += bytes;
    }

    /// <summary>Bytes whose length the reader knows otherwise.</summary>
    public void Rest(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length)[_written..]);
        _written += bytes.Length;
    }

    /// <summary>Begins again in the memory that it has.</summary>
    public void Clear() => _written = 0;

    /// <summary>Gives the pooled memory back; <see cref="Written"/> is empty afterwards.</summary>
    public void Dispose()
    {
        var rented = _rented;
        this = default;
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
    }

    private Span<byte> Reserve(int bytes)
    {
        if (_buffer.Length - _written < bytes)
            Grow(bytes);
        return _buffer;
    }

    private void Grow(int bytes)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _written + bytes));
        Written.CopyTo(larger);
        if (_rented is not null)
            ArrayPool<byte>.Shared.Return(_rented);
        _rented = larger;
        _buffer = larger;
    }
}
