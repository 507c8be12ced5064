using System.Buffers.Binary;
using System.Net;
using TelemetryHub.Mqtt.Packets;

namespace TelemetryHub.Broker.Proxy;

/// <summary>The binary header (§2.2): signature, version and command, family and protocol, length, addresses, extensions (skipped).</summary>
internal static class ProxyHeaderV2
{
    public const int MaxBytes = FixedBytes + MaxBodyBytes;

    private const int FixedBytes = 16;

    /// <summary>Addresses take 216 bytes at most; the rest is room for extensions. The field itself would allow 64 KiB.</summary>
    private const int MaxBodyBytes = 4096;

    private const int UnixAddressesBytes = 216;

    public static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    public static ReadStatus TryRead(ReadOnlySpan<byte> bytes, out ProxyHeader header)
    {
        header = default;
        int known = Math.Min(bytes.Length, Signature.Length);
        if (!bytes[..known].SequenceEqual(Signature[..known])) return ReadStatus.Malformed;
        if (bytes.Length > 12 && bytes[12] is not (0x20 or 0x21)) return ReadStatus.Malformed;
        if (bytes.Length < FixedBytes) return ReadStatus.NeedMore;

        int bodyBytes = BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]);
        bool local = bytes[12] == 0x20;
        if (bodyBytes > MaxBodyBytes) return ReadStatus.Malformed;

        // §2.2: LOCAL is the proxy's own connection; the family and the addresses are to be ignored.
        int addressBytes = local ? 0 : AddressBytes(bytes[13]);
        if (addressBytes < 0 || addressBytes > bodyBytes) return ReadStatus.Malformed;
        if (bytes.Length < FixedBytes + bodyBytes) return ReadStatus.NeedMore;

        ReadOnlySpan<byte> body = bytes.Slice(FixedBytes, bodyBytes);
        header = new ProxyHeader(FixedBytes + bodyBytes, local ? null : Source(bytes[13], body));
        return ReadStatus.Complete;
    }

    /// <summary>How long both addresses with their ports are; negative for what §2.2 orders to reject.</summary>
    private static int AddressBytes(byte familyAndProtocol) => familyAndProtocol switch
    {
        0x00 => 0,
        0x11 or 0x12 => 12,
        0x21 or 0x22 => 36,
        0x31 or 0x32 => UnixAddressesBytes,
        _ => -1,
    };

    private static IPEndPoint? Source(byte familyAndProtocol, ReadOnlySpan<byte> body) => (familyAndProtocol >> 4) switch
    {
        1 => new IPEndPoint(new IPAddress(body[..4]), BinaryPrimitives.ReadUInt16BigEndian(body[8..])),
        2 => new IPEndPoint(new IPAddress(body[..16]), BinaryPrimitives.ReadUInt16BigEndian(body[32..])),
        _ => null,
    };
}
