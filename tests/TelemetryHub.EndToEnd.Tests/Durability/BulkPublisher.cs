using System.Globalization;
using System.Net.Sockets;
using System.Text;
using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;
using TelemetryHub.EndToEnd.Tests.Raw;

namespace TelemetryHub.EndToEnd.Tests.Durability;

/// <summary>Publishes as many numbered QoS 1 messages as a test wants, as fast as the hub acknowledges them.</summary>
internal sealed class BulkPublisher : IDisposable
{
    private const int Batch = 1000;
    private const int Digits = 8;

    private static readonly byte[] PubAck = [0x40, 0x02];

    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
        ReceiveTimeout = (int)Patience.Limit.TotalMilliseconds,
    };

    private readonly byte[] acknowledgements = new byte[4 * Batch];
    private int next;

    public BulkPublisher(Listener listener)
    {
        socket.Connect(Listener.Host, listener.Port);
        socket.Send(PacketNotation.Parse(RawConnection.ConnectNotation(4, "bulk")));
        Receive(acknowledgements.AsSpan(0, 4));
    }

    /// <summary>The number that a payload begins with.</summary>
    public static int NumberOf(ReadOnlySpan<byte> payload) => int.Parse(payload[..Digits], NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>Publishes the next numbers; <paramref name="count"/> is a multiple of 1,000.</summary>
    public void Publish(string topic, int count, int payloadBytes = 64)
    {
        var packet = PacketNotation.Parse($"32 {{ \"{topic}\" 0000 78*{payloadBytes} }}");
        var packets = Enumerable.Repeat(packet, Batch).SelectMany(bytes => bytes).ToArray();
        for (var end = next + count; next < end;)
        {
            for (var at = 1; at <= Batch; at++, next++)
            {
                var payload = at * packet.Length - payloadBytes;
                packets[payload - 2] = (byte)(at >> 8);
                packets[payload - 1] = (byte)at;
                Encoding.ASCII.GetBytes(next.ToString("D8", CultureInfo.InvariantCulture)).CopyTo(packets, payload);
            }

            socket.Send(packets);
            Receive(acknowledgements);
            for (var at = 0; at < acknowledgements.Length; at += 4) acknowledgements.AsSpan(at, 2).SequenceEqual(PubAck).ShouldBeTrue();
        }
    }

    public void Dispose() => socket.Dispose();

    private void Receive(Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var read = socket.Receive(bytes);
            read.ShouldBePositive("the hub closed the publisher's connection");
            bytes = bytes[read..];
        }
    }
}
