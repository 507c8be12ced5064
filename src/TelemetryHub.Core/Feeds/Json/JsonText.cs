namespace TelemetryHub.Core.Feeds.Json;

/// <summary>
/// A JSON string or name as it stands between its quotes.
/// Compared as what it means, by UTF-8 bytes (the order of code points), without writing it down unescaped.
/// </summary>
internal readonly ref struct JsonText(ReadOnlySpan<byte> raw, bool isEscaped)
{
    private readonly ReadOnlySpan<byte> _raw = raw;

    // The longest UTF-8 form of one escape, or of a pair of them.
    private const int MaxEscapeBytes = 4;

    public ReadOnlySpan<byte> Raw => _raw;

    public bool Is(ReadOnlySpan<byte> utf8) => isEscaped ? CompareTo(utf8) == 0 : _raw.SequenceEqual(utf8);

    public int CompareTo(ReadOnlySpan<byte> utf8) => isEscaped ? CompareEscaped(utf8) : _raw.SequenceCompareTo(utf8);

    /// <summary>The text itself. Not for payloads: it allocates.</summary>
    public byte[] ToUtf8()
    {
        var utf8 = new List<byte>(_raw.Length);
        Span<byte> unescaped = stackalloc byte[MaxEscapeBytes];
        var rest = _raw;
        while (!rest.IsEmpty)
        {
            if (rest[0] == '\\')
            {
                utf8.AddRange(unescaped[..Encode(NextCodePoint(ref rest), unescaped)]);
                continue;
            }
            utf8.Add(rest[0]);
            rest = rest[1..];
        }
        return [.. utf8];
    }

    private int CompareEscaped(ReadOnlySpan<byte> other)
    {
        Span<byte> unescaped = stackalloc byte[MaxEscapeBytes];
        var rest = _raw;
        while (true)
        {
            var plain = rest.IndexOf((byte)'\\');
            if (plain < 0)
                return rest.SequenceCompareTo(other);
            if (!IsFollowedBy(rest[..plain], ref other, out var order))
                return order;
            rest = rest[plain..];
            var length = Encode(NextCodePoint(ref rest), unescaped);
            if (!IsFollowedBy(unescaped[..length], ref other, out order))
                return order;
        }
    }

    // Takes a part away from the other text; when the other one does not begin with it, the order is known.
    private static bool IsFollowedBy(scoped ReadOnlySpan<byte> part, ref ReadOnlySpan<byte> other, out int order)
    {
        var begin = other[..Math.Min(part.Length, other.Length)];
        order = part.SequenceCompareTo(begin);
        other = other[begin.Length..];
        return order == 0;
    }

    private static int NextCodePoint(ref ReadOnlySpan<byte> rest)
    {
        var code = NextEscape(ref rest);
        if (!char.IsHighSurrogate((char)code) || rest.Length < 2 || rest[0] != '\\' || rest[1] != 'u')
            return code;
        var behind = rest;
        var low = NextEscape(ref behind);
        if (!char.IsLowSurrogate((char)low))
            return code;
        rest = behind;
        return char.ConvertToUtf32((char)code, (char)low);
    }

    private static int NextEscape(ref ReadOnlySpan<byte> rest)
    {
        var letter = rest[1];
        if (letter != 'u')
        {
            rest = rest[2..];
            return letter switch { (byte)'b' => '\b', (byte)'f' => '\f', (byte)'n' => '\n', (byte)'r' => '\r', (byte)'t' => '\t', _ => letter };
        }
        var code = 0;
        foreach (var digit in rest[2..6])
            code = code << 4 | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        rest = rest[6..];
        return code;
    }

    // RFC 8259 §8.2 lets a single surrogate be written as an escape. It becomes the three bytes that no valid UTF-8 has: equal to nothing, and in its place in the order.
    private static int Encode(int code, Span<byte> utf8)
    {
        switch (code)
        {
            case < 0x80:
                utf8[0] = (byte)code;
                return 1;
            case < 0x800:
                utf8[0] = (byte)(0xC0 | code >> 6);
                utf8[1] = Tail(code);
                return 2;
            case < 0x10000:
                utf8[0] = (byte)(0xE0 | code >> 12);
                utf8[1] = Tail(code >> 6);
                utf8[2] = Tail(code);
                return 3;
            default:
                utf8[0] = (byte)(0xF0 | code >> 18);
                utf8[1] = Tail(code >> 12);
                utf8[2] = Tail(code >> 6);
                utf8[3] = Tail(code);
                return 4;
        }
    }

    private static byte Tail(int bits) => (byte)(0x80 | bits & 0x3F);
}
