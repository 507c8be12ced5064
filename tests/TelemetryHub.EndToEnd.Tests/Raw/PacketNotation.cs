using System.Buffers.Binary;
using System.Text;

namespace TelemetryHub.EndToEnd.Tests.Raw;

/// <summary>
/// Bytes in a form that a person can write and check: <c>82 { 0001 {} "a/b" 00 }</c>.
/// <list type="bullet">
/// <item><c>0A 3C</c> or <c>0A3C</c>: bytes in hexadecimal; <c>61*300</c>: one of them 300 times</item>
/// <item><c>"text"</c>: UTF-8 after its length in two bytes; <c>'text'</c>: UTF-8 alone</item>
/// <item><c>{ … }</c>: its content after its length as a variable byte integer: a packet's body, a list of properties</item>
/// <item><c>( … )</c>: its content after its length in two bytes: a string that is not UTF-8, binary data</item>
/// </list>
/// </summary>
public static class PacketNotation
{
    public static byte[] Parse(string notation)
    {
        var rest = notation.AsSpan();
        var bytes = ParseUntil(ref rest, '\0');
        return [.. bytes];
    }

    private static List<byte> ParseUntil(ref ReadOnlySpan<char> rest, char end)
    {
        var bytes = new List<byte>();
        while (true)
        {
            rest = rest.TrimStart();
            var next = rest.IsEmpty ? '\0' : rest[0];
            if (!rest.IsEmpty) rest = rest[1..];
            if (next == end) return bytes;
            switch (next)
            {
                case '{': bytes.AddRange(WithVariableLength(ParseUntil(ref rest, '}'))); break;
                case '(': bytes.AddRange(WithLength(ParseUntil(ref rest, ')'))); break;
                case '"': bytes.AddRange(WithLength(Text(ref rest, '"'))); break;
                case '\'': bytes.AddRange(Text(ref rest, '\'')); break;
                default: AddHexadecimal(next, ref rest, bytes); break;
            }
        }
    }

    private static void AddHexadecimal(char first, ref ReadOnlySpan<char> rest, List<byte> bytes)
    {
        var value = Convert.ToByte($"{first}{rest[0]}", 16);
        rest = rest[1..];
        var times = 1;
        if (rest.StartsWith("*"))
        {
            rest = rest[1..];
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits < 0) digits = rest.Length;
            times = int.Parse(rest[..digits]);
            rest = rest[digits..];
        }

        bytes.AddRange(Enumerable.Repeat(value, times));
    }

    private static List<byte> Text(ref ReadOnlySpan<char> rest, char end)
    {
        var length = rest.IndexOf(end);
        var text = rest[..length].ToString();
        rest = rest[(length + 1)..];
        return [.. Encoding.UTF8.GetBytes(text)];
    }

    private static List<byte> WithLength(List<byte> content)
    {
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, checked((ushort)content.Count));
        return [.. length, .. content];
    }

    private static List<byte> WithVariableLength(List<byte> content)
    {
        List<byte> bytes = [];
        for (var left = content.Count; ; left >>= 7)
        {
            bytes.Add((byte)((left & 0x7F) | (left > 0x7F ? 0x80 : 0)));
            if (left <= 0x7F) break;
        }

        return [.. bytes, .. content];
    }
}
