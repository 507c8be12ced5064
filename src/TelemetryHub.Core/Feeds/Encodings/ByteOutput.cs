using System.Buffers;
using System.Buffers.Text;
using System.Text.Unicode;

namespace TelemetryHub.Core.Feeds.Encodings;

/// <summary>
/// Bytes on their way into a writer, which is only asked when its last span is full. Small things are contiguous, long ones take the spans as they come.
/// Whoever makes one calls <see cref="Flush"/> in the end.
/// </summary>
internal ref struct ByteOutput(IBufferWriter<byte> writer)
{
    // A multiple of three becomes base64 without padding.
    private const int Base64Chunk = 3 * 256;

    private readonly IBufferWriter<byte> _writer = writer;
    private Span<byte> _free;
    private int _written;

    /// <summary>Room for this many bytes, few enough to be contiguous anywhere. What was filled of it is told to <see cref="Advance"/>.</summary>
    public Span<byte> Room(int bytes)
    {
        if (_free.Length < bytes)
            Refill(bytes);
        return _free;
    }

    /// <summary>The first bytes of <see cref="Room"/> have been written.</summary>
    public void Advance(int bytes)
    {
        _free = _free[bytes..];
        _written += bytes;
    }

    public void Write(byte value)
    {
        Room(1)[0] = value;
        Advance(1);
    }

    public void Write(scoped ReadOnlySpan<byte> bytes)
    {
        while (!bytes.TryCopyTo(_free))
        {
            var part = _free.Length; // shorter than the bytes
            bytes[..part].CopyTo(_free);
            Advance(part);
            bytes = bytes[part..];
            Refill(1);
        }
        Advance(bytes.Length);
    }

    /// <summary>Writes a text as UTF-8.</summary>
    public void Write(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            Utf8.FromUtf16(text, Room(4), out var read, out var written); // whole characters, as many as there is room for
            Advance(written);
            text = text[read..];
        }
    }

    public void WriteCursor(ReadOnlySpan<byte> epoch, long sequence) => Advance(Cursor.Write(Room(epoch.Length + 21), epoch, sequence));

    public void WriteNumber(long number)
    {
        Utf8Formatter.TryFormat(number, Room(20), out var digits);
        Advance(digits);
    }

    public void WriteBase64(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var chunk = bytes[..Math.Min(bytes.Length, Base64Chunk)];
            Base64.EncodeToUtf8(chunk, Room(Base64.GetMaxEncodedToUtf8Length(chunk.Length)), out _, out var written);
            Advance(written);
            bytes = bytes[chunk.Length..];
        }
    }

    /// <summary>Gives the writer what was written so far, and the writer itself, for somebody who writes to it directly.</summary>
    public IBufferWriter<byte> Flush()
    {
        if (_written > 0)
            _writer.Advance(_written);
        _written = 0;
        _free = default;
        return _writer;
    }

    private void Refill(int bytes)
    {
        Flush();
        _free = _writer.GetSpan(bytes);
    }
}
