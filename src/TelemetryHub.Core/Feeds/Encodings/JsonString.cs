using System.Buffers;
using System.Text.Unicode;

namespace TelemetryHub.Core.Feeds.Encodings;

/// <summary>Strings in JSON (RFC 8259 §7). What needs no escape stays what it is, except control characters: somebody's terminal shows them.</summary>
internal static class JsonString
{
    private const byte C1Lead = 0xC2; // U+0080 to U+009F are C2 80 to C2 9F

    private static readonly SearchValues<byte> Suspects =
        SearchValues.Create([.. Enumerable.Range(0, ' ').Select(code => (byte)code), (byte)'"', (byte)'\\', 0x7F, C1Lead]);

    /// <summary>Writes well-formed UTF-8 as a string.</summary>
    public static void Write(ref ByteOutput output, ReadOnlySpan<byte> utf8)
    {
        output.Write((byte)'"');
        WriteEscaped(ref output, utf8);
        output.Write((byte)'"');
    }

    /// <summary>Writes the text as a string.</summary>
    public static void Write(ref ByteOutput output, ReadOnlySpan<char> text)
    {
        Span<byte> utf8 = stackalloc byte[256];
        output.Write((byte)'"');
        while (!text.IsEmpty)
        {
            Utf8.FromUtf16(text, utf8, out var read, out var written); // whole characters
            WriteEscaped(ref output, utf8[..written]);
            text = text[read..];
        }
        output.Write((byte)'"');
    }

    /// <summary>Writes JSON in one line: CR and LF only stand between its tokens, where a blank does as well.</summary>
    public static void WriteInOneLine(ref ByteOutput output, ReadOnlySpan<byte> json)
    {
        for (int end; (end = json.IndexOfAny((byte)'\r', (byte)'\n')) >= 0; json = json[(end + 1)..])
        {
            output.Write(json[..end]);
            output.Write((byte)' ');
        }
        output.Write(json);
    }

    private static void WriteEscaped(ref ByteOutput output, scoped ReadOnlySpan<byte> utf8)
    {
        for (int plain; (plain = utf8.IndexOfAny(Suspects)) >= 0;)
        {
            output.Write(utf8[..plain]);
            utf8 = utf8[plain..];
            if (utf8[0] != C1Lead)
            {
                Escape(ref output, utf8[0]);
                utf8 = utf8[1..];
                continue;
            }
            if (utf8[1] < 0xA0)
                EscapeAsHex(ref output, utf8[1]);
            else
                output.Write(utf8[..2]);
            utf8 = utf8[2..];
        }
        output.Write(utf8);
    }

    private static void Escape(ref ByteOutput output, byte code)
    {
        switch (code)
        {
            case (byte)'"': output.Write("\\\""u8); break;
            case (byte)'\\': output.Write(@"\\"u8); break;
            case (byte)'\b': output.Write(@"\b"u8); break;
            case (byte)'\t': output.Write(@"\t"u8); break;
            case (byte)'\n': output.Write(@"\n"u8); break;
            case (byte)'\f': output.Write(@"\f"u8); break;
            case (byte)'\r': output.Write(@"\r"u8); break;
            default: EscapeAsHex(ref output, code); break;
        }
    }

    private static void EscapeAsHex(ref ByteOutput output, byte code)
    {
        output.Write(@"\u00"u8);
        output.Write("0123456789ABCDEF"u8[code >> 4]);
        output.Write("0123456789ABCDEF"u8[code & 15]);
    }
}
