using System.Net;
using System.Net.Sockets;
using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.Raw;

/// <summary>A TCP connection to the broker that sends whatever it is told to, in <see cref="PacketNotation"/>.</summary>
public sealed class RawConnection : IAsyncDisposable
{
    private readonly Socket socket;
    private readonly NetworkStream stream;
    private readonly byte[] one = new byte[1];

    private RawConnection(Socket socket)
    {
        this.socket = socket;
        stream = new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>Whom the broker has to do with.</summary>
    public EndPoint LocalAddress => socket.LocalEndPoint!;

    public static async Task<RawConnection> OpenAsync(Listener listener)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await Patience.For(socket.ConnectAsync(Listener.Host, listener.Port), "a TCP connection");
        return new RawConnection(socket);
    }

    /// <summary>Opens a connection and completes CONNECT in the given version (3, 4 or 5).</summary>
    public static async Task<RawConnection> ConnectAsync(Listener listener, int version, string clientId)
    {
        var connection = await OpenAsync(listener);
        await connection.SendAsync(ConnectNotation(version, clientId));
        var answer = await connection.ReadAsync();
        answer.ShouldNotBeNull();
        answer.FirstByte.ShouldBe((byte)0x20);
        answer.Body[1].ShouldBe((byte)0, "CONNECT was refused");
        return connection;
    }

    public static string ConnectNotation(int version, string clientId)
    {
        var name = version == 3 ? "MQIsdp" : "MQTT";
        var properties = version == 5 ? "{}" : "";
        return $"10 {{ \"{name}\" 0{version} 02 003C {properties} \"{clientId}\" }}";
    }

    public Task SendAsync(string notation) => SendAsync(PacketNotation.Parse(notation));

    /// <summary>Sends bytes. That the broker has closed already is not an error: it may do so in the middle of nonsense.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await stream.WriteAsync(bytes, TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // What it answered before closing can still be read, and that is what the tests look at.
        }
    }

    /// <summary>The next packet; null when the broker has closed the connection.</summary>
    public Task<RawPacket?> ReadAsync(TimeSpan? limit = null) =>
        Patience.For(ReadPacketAsync(), "a packet or the end of the connection", limit);

    /// <summary>No more will be sent (FIN), but answers are still read.</summary>
    public void EndSending() => socket.Shutdown(SocketShutdown.Send);

    /// <summary>Closes with RST, as a device that lost its power and came back would make it look.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private async Task<RawPacket?> ReadPacketAsync()
    {
        try
        {
            if (await ReadByteAsync() is not { } first) return null;
            var length = 0;
            for (var shift = 0; ; shift += 7)
            {
                if (await ReadByteAsync() is not { } part) return null;
                length |= (part & 0x7F) << shift;
                if (part < 0x80) break;
            }

            var body = new byte[length];
            await stream.ReadExactlyAsync(body);
            return new RawPacket(first, body);
        }
        catch (IOException)
        {
            return null; // a reset is a way to close
        }
    }

    private async Task<byte?> ReadByteAsync() => await stream.ReadAsync(one) == 0 ? null : one[0];
}
