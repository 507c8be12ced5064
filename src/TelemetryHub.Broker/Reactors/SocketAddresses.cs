using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace TelemetryHub.Broker.Reactors;

/// <summary>The kernel's <c>struct sockaddr_in</c> and <c>sockaddr_in6</c>.</summary>
internal static class SocketAddresses
{
    public const int MaxBytes = 28; // sockaddr_in6

    public static IPEndPoint? Parse(ReadOnlySpan<byte> address)
    {
        var port = BinaryPrimitives.ReadUInt16BigEndian(address[2..]);
        return (AddressFamily)BitConverter.ToUInt16(address) switch
        {
            (AddressFamily)2 => new IPEndPoint(new IPAddress(address.Slice(4, 4)), port), // AF_INET
            (AddressFamily)10 => new IPEndPoint(new IPAddress(address.Slice(8, 16)), port), // AF_INET6 on Linux
            _ => null,
        };
    }
}
