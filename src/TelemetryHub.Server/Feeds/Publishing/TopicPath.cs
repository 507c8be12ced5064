using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace TelemetryHub.Server.Feeds.Publishing;

/// <summary>
/// The topic in the path of a request, from the target as it was sent: what a server makes of a path leaves <c>%2F</c> as it is, so that <c>%252F</c>
/// becomes the same, and takes <c>.</c> and <c>..</c> away.
/// </summary>
internal static class TopicPath
{
    /// <summary>Reads it. The result need not be a topic name.</summary>
    /// <param name="target">The target of the request line: a path, or a whole URL (RFC 9112 §3.2).</param>
    /// <param name="slashes">How many slashes stand before the topic.</param>
    /// <param name="topic">The bytes of the topic.</param>
    /// <param name="problem">A whole sentence.</param>
    public static bool TryRead(string target, int slashes, [NotNullWhen(true)] out byte[]? topic, [NotNullWhen(false)] out string? problem)
    {
        topic = null;
        problem = "The path has to be /events/ and the topic.";
        var path = PathOf(target);
        for (var slash = 0; slash < slashes; slash++)
        {
            var length = path.IndexOf('/');
            if (length < 0 || (slash > 0 && IsDots(path[..length])))
                return false;
            path = path[(length + 1)..];
        }

        var bytes = new byte[Encoding.UTF8.GetByteCount(path)];
        Encoding.UTF8.GetBytes(path, bytes);
        problem = !TryDecode(bytes, out var count) ? "In the path, two hexadecimal digits have to follow a '%'."
            // Browsers and proxies take such levels away or not, each in its own way: what one of them allows would not be what is published.
            : HasDots(bytes.AsSpan(0, count)) ? "A topic with a level '.' or '..' cannot stand in a path; POST it to /events as a line of JSON."
            : null;
        if (problem is null)
            topic = bytes[..count];
        return problem is null;
    }

    private static ReadOnlySpan<char> PathOf(string target)
    {
        var path = target.AsSpan();
        if (path.IndexOf('?') is >= 0 and var query)
            path = path[..query];
        if (path.StartsWith("/") || path.IndexOf("://") is not (>= 0 and var scheme))
            return path;
        path = path[(scheme + 3)..];
        return path.IndexOf('/') is >= 0 and var authority ? path[authority..] : default;
    }

    // In place: it only becomes shorter. A '+' is a '+': it means a blank in forms and queries only.
    private static bool TryDecode(Span<byte> bytes, out int count)
    {
        count = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            var value = bytes[i];
            if (value == '%')
            {
                if (i + 2 >= bytes.Length || !char.IsAsciiHexDigit((char)bytes[i + 1]) || !char.IsAsciiHexDigit((char)bytes[i + 2]))
                    return false;
                value = (byte)(Digit(bytes[i + 1]) << 4 | Digit(bytes[i + 2]));
                i += 2;
            }
            bytes[count++] = value;
        }
        return true;
    }

    private static int Digit(byte hex) => hex <= '9' ? hex - '0' : (hex | 0x20) - 'a' + 10;

    private static bool IsDots(ReadOnlySpan<char> level) => level is "." or "..";

    private static bool HasDots(ReadOnlySpan<byte> topic)
    {
        foreach (var level in topic.Split((byte)'/'))
        {
            if (topic[level].SequenceEqual("."u8) || topic[level].SequenceEqual(".."u8))
                return true;
        }
        return false;
    }
}
