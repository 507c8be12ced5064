using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;
using TelemetryHub.Mqtt.Packets;

namespace TelemetryHub.Broker.Proxy;

/// <summary>The text header (§2.1): <c>PROXY TCP4 192.0.2.1 192.0.2.2 56324 1883\r\n</c>. Exactly so: one space, capitals, no leading zeros.</summary>
internal static class ProxyHeaderV1
{
    /// <summary>§2.1: the longest line, two IPv6 addresses in full, with CRLF.</summary>
    public const int MaxBytes = 107;

    private static readonly SearchValues<byte> AddressBytes = SearchValues.Create("0123456789abcdefABCDEF:."u8);

    private static ReadOnlySpan<byte> Prefix => "PROXY "u8;

    public static ReadStatus TryRead(ReadOnlySpan<byte> bytes, out ProxyHeader header)
    {
        header = default;
        int known = Math.Min(bytes.Length, Prefix.Length);
        if (!bytes[..known].SequenceEqual(Prefix[..known])) return ReadStatus.Malformed;

        int end = bytes[..Math.Min(bytes.Length, MaxBytes)].IndexOf((byte)'\r');
        if (end < 0) return bytes.Length < MaxBytes ? ReadStatus.NeedMore : ReadStatus.Malformed;
        if (end + 1 == MaxBytes) return ReadStatus.Malformed;
        if (end + 1 == bytes.Length) return ReadStatus.NeedMore;
        if (bytes[end + 1] != '\n' || !TryReadLine(bytes[Prefix.Length..end], out IPEndPoint? source)) return ReadStatus.Malformed;
        header = new ProxyHeader(end + 2, source);
        return ReadStatus.Complete;
    }

    private static bool TryReadLine(ReadOnlySpan<byte> line, out IPEndPoint? source)
    {
        source = null;

        // §2.1: after UNKNOWN the receiver ignores everything up to CRLF.
        ReadOnlySpan<byte> protocol = Word(ref line);
        if (protocol.SequenceEqual("UNKNOWN"u8)) return true;

        AddressFamily family;
        if (protocol.SequenceEqual("TCP4"u8)) family = AddressFamily.InterNetwork;
        else if (protocol.SequenceEqual("TCP6"u8)) family = AddressFamily.InterNetworkV6;
        else return false;

        if (!TryReadAddress(Word(ref line), family, out IPAddress? from) || !TryReadAddress(Word(ref line), family, out _)) return false;
        if (!TryReadPort(Word(ref line), out ushort port) || !TryReadPort(line, out _)) return false;
        source = new IPEndPoint(from, port);
        return true;
    }

    /// <summary>Takes what stands before the next space, and the space.</summary>
    private static ReadOnlySpan<byte> Word(ref ReadOnlySpan<byte> line)
    {
        int space = line.IndexOf((byte)' ');
        ReadOnlySpan<byte> word = space < 0 ? line : line[..space];
        line = space < 0 ? [] : line[(space + 1)..];
        return word;
    }

    private static bool TryReadAddress(ReadOnlySpan<byte> word, AddressFamily family, out IPAddress address)
    {
        // IPAddress also reads scopes, brackets, and octal and shortened IPv4 forms ("0177.1"), on which two programs need not agree.
        address = IPAddress.None;
        if (word.ContainsAnyExcept(AddressBytes)) return false;
        string text = Encoding.ASCII.GetString(word);
        if (!IPAddress.TryParse(text, out IPAddress? read) || read.AddressFamily != family) return false;
        address = read;
        return family != AddressFamily.InterNetwork || read.ToString() == text;
    }

    private static bool TryReadPort(ReadOnlySpan<byte> word, out ushort port)
        => Utf8Parser.TryParse(word, out port, out int used) && used == word.Length && char.IsAsciiDigit((char)word[0])
            && (word.Length == 1 || word[0] != '0');
}
