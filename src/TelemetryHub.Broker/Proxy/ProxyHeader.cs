using System.Net;
using TelemetryHub.Mqtt.Packets;

namespace TelemetryHub.Broker.Proxy;

/// <summary>
/// The PROXY protocol's header, version 1 (text) or 2 (binary): what a proxy sends before the first byte of the connection that it
/// forwards. Whoever may send it chooses the address that the hub sees, so only listeners behind a proxy read it.
/// Specification: haproxy.org/download/3.0/doc/proxy-protocol.txt.
/// </summary>
public readonly struct ProxyHeader
{
    /// <summary>No header that is accepted is longer, so a buffer of this size is always enough.</summary>
    public const int MaxBytes = ProxyHeaderV2.MaxBytes;

    internal ProxyHeader(int length, IPEndPoint? source)
    {
        Length = length;
        Source = source;
    }

    /// <summary>How many bytes the header takes; the connection's own bytes follow.</summary>
    public int Length { get; }

    /// <summary>Whom the proxy forwards; null when the connection is the proxy's own (a health check) or unknown: the socket's peer stands.</summary>
    public IPEndPoint? Source { get; }

    /// <summary>Reads the header at the front of <paramref name="bytes"/>. Malformed as soon as no continuation could be a header.</summary>
    public static ReadStatus TryRead(ReadOnlySpan<byte> bytes, out ProxyHeader header)
    {
        header = default;
        if (bytes.IsEmpty) return ReadStatus.NeedMore;
        return bytes[0] == ProxyHeaderV2.Signature[0]
            ? ProxyHeaderV2.TryRead(bytes, out header)
            : ProxyHeaderV1.TryRead(bytes, out header);
    }
}
