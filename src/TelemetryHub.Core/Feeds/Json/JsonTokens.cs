using System.Buffers;

namespace TelemetryHub.Core.Feeds.Json;

/// <summary>Where the tokens of RFC 8259 end. Minus one: there is no such token.</summary>
internal static class JsonTokens
{
    // §7: what cannot stand in a string as it is.
    private static readonly SearchValues<byte> Stops = SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(control => (byte)control)]);

    /// <summary>Behind the closing quote; <paramref name="at"/> is behind the opening one.</summary>
    public static int EndOfText(ReadOnlySpan<byte> json, int at, out bool escaped)
    {
        escaped = false;
        while (true)
        {
            var plain = json[at..].IndexOfAny(Stops);
            if (plain < 0)
                return -1;
            at += plain;
            if (json[at] == '"')
                return at + 1;
            if (json[at] != '\\')
                return -1;
            escaped = true;
            at = EndOfEscape(json, at + 1);
            if (at < 0)
                return -1;
        }
    }

    /// <summary>§6: <c>[ "-" ] int [ frac ] [ exp ]</c>.</summary>
    public static int EndOfNumber(ReadOnlySpan<byte> json, int at)
    {
        if (At(json, at) == '-')
            at++;
        at = At(json, at) == '0' ? at + 1 : EndOfDigits(json, at);
        if (at >= 0 && At(json, at) == '.')
            at = EndOfDigits(json, at + 1);
        if (at < 0 || (At(json, at) | 0x20) != 'e')
            return at;
        at++;
        if (At(json, at) is (byte)'+' or (byte)'-')
            at++;
        return EndOfDigits(json, at);
    }

    /// <summary>§3: <c>true</c>, <c>false</c> and <c>null</c>. What follows is for the caller to look at.</summary>
    public static int EndOfWord(ReadOnlySpan<byte> json, int at, ReadOnlySpan<byte> word) => json[at..].StartsWith(word) ? at + word.Length : -1;

    public static int EndOfEscape(ReadOnlySpan<byte> json, int at)
    {
        switch (At(json, at))
        {
            case (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t':
                return at + 1;
            case (byte)'u' when json.Length - at > 4:
                for (var digit = 1; digit <= 4; digit++)
                {
                    if (!char.IsAsciiHexDigit((char)json[at + digit]))
                        return -1;
                }
                return at + 5;
            default:
                return -1;
        }
    }

    // At least one digit.
    private static int EndOfDigits(ReadOnlySpan<byte> json, int at)
    {
        var end = at;
        while ((uint)(At(json, end) - '0') <= 9)
            end++;
        return end == at ? -1 : end;
    }

    private static byte At(ReadOnlySpan<byte> json, int at) => (uint)at < (uint)json.Length ? json[at] : (byte)0;
}
