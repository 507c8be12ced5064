using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;

namespace TelemetryHub.Core.Feeds.Encodings.Cbor;

/// <summary>Writes CBOR (RFC 8949) with definite lengths, everything in its shortest form. Whoever makes one calls <see cref="Flush"/> in the end.</summary>
/// <param name="output">Where to.</param>
public ref struct CborWriter(IBufferWriter<byte> output)
{
    private const byte False = 0xF4;
    private const byte True = 0xF5;
    private const byte NullValue = 0xF6;
    private const byte HalfFloat = 0xF9;
    private const byte SingleFloat = 0xFA;
    private const byte DoubleFloat = 0xFB;
    private const ushort HalfNaN = 0x7E00; // §4.2.2: one for all

    private ByteOutput _output = new(output);

    /// <summary>A map of this many pairs, which follow: key, value, key, value.</summary>
    public void WriteMap(int pairs) => WriteHead(CborHead.Map, (uint)pairs);

    /// <summary>An array of this many items, which follow.</summary>
    public void WriteArray(int items) => WriteHead(CborHead.Array, (uint)items);

    /// <summary>Well-formed UTF-8 as a text string.</summary>
    public void WriteText(scoped ReadOnlySpan<byte> utf8)
    {
        WriteHead(CborHead.TextString, (uint)utf8.Length);
        _output.Write(utf8);
    }

    /// <summary>A text string.</summary>
    public void WriteText(string text)
    {
        WriteHead(CborHead.TextString, (uint)Encoding.UTF8.GetByteCount(text));
        _output.Write(text);
    }

    /// <summary>A byte string.</summary>
    public void WriteBytes(scoped ReadOnlySpan<byte> bytes)
    {
        WriteHead(CborHead.ByteString, (uint)bytes.Length);
        _output.Write(bytes);
    }

    /// <summary>A whole number.</summary>
    public void WriteInteger(long number)
    {
        if (number >= 0)
            WriteHead(CborHead.Unsigned, (ulong)number);
        else
            WriteHead(CborHead.Negative, (ulong)~number);
    }

    /// <summary>A floating-point number, as half, single or double: the first that loses nothing.</summary>
    public void WriteFloat(double number)
    {
        var room = _output.Room(9);
        if (double.IsNaN(number) || (double)(Half)number == number)
        {
            room[0] = HalfFloat;
            BinaryPrimitives.WriteUInt16BigEndian(room[1..], double.IsNaN(number) ? HalfNaN : BitConverter.HalfToUInt16Bits((Half)number));
            _output.Advance(3);
        }
        else if ((float)number == number)
        {
            room[0] = SingleFloat;
            BinaryPrimitives.WriteSingleBigEndian(room[1..], (float)number);
            _output.Advance(5);
        }
        else
        {
            room[0] = DoubleFloat;
            BinaryPrimitives.WriteDoubleBigEndian(room[1..], number);
            _output.Advance(9);
        }
    }

    /// <summary>True or false.</summary>
    public void WriteBool(bool value) => _output.Write(value ? True : False);

    /// <summary>Null.</summary>
    public void WriteNull() => _output.Write(NullValue);

    /// <summary>Gives the output what was written.</summary>
    public void Flush() => _output.Flush();

    /// <summary>The text of a cursor.</summary>
    internal void WriteCursor(ReadOnlySpan<byte> epoch, long sequence)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(sequence, digits, out var count);
        WriteHead(CborHead.TextString, (uint)(epoch.Length + 1 + count));
        _output.WriteCursor(epoch, sequence);
    }

    private void WriteHead(byte major, ulong argument) => _output.Advance(CborHead.Write(_output.Room(9), major, argument));
}
