using System.Net.Sockets;
using System.Text;

namespace TelemetryHub.Mqtt.Tests.Client;

/// <summary>The server's end of one connection.</summary>
public sealed class FakePeer(TcpClient socket)
{
    private readonly NetworkStream _stream = socket.GetStream();

    /// <summary>The whole CONNECT that the client sent.</summary>
    public byte[] Connect { get; set; } = [];

    /// <summary>The CONNECT's clean-start flag, for a client id of any length.</summary>
    public bool IsCleanStart => (Connect[9] & 0x02) != 0;

    /// <summary>Sends bytes given in hexadecimal; text in quotes stands for its ASCII.</summary>
    public Task SendAsync(string bytes) => _stream.WriteAsync(Parse(bytes), Limits.Patience()).AsTask();

    public Task SendAsync(ReadOnlyMemory<byte> bytes) => _stream.WriteAsync(bytes, Limits.Patience()).AsTask();

    /// <summary>Sends a packet over and over until the client no longer makes room, and returns how many bytes left.</summary>
    public long SendUntilStuck(byte[] packet, int times)
    {
        socket.Client.Blocking = false;
        var sent = 0L;
        while (sent < (long)times * packet.Length && socket.Client.Poll(TimeSpan.FromMilliseconds(300), SelectMode.SelectWrite))
        {
            sent += socket.Client.Send(packet.AsSpan((int)(sent % packet.Length)), SocketFlags.None, out var error);
            error.ShouldBeOneOf(SocketError.Success, SocketError.WouldBlock);
        }

        socket.Client.Blocking = true;
        return sent;
    }

    /// <summary>Reads as many bytes as are given, which must be these.</summary>
    public async Task ExpectAsync(string bytes)
    {
        var expected = Parse(bytes);
        var actual = new byte[expected.Length];
        await _stream.ReadExactlyAsync(actual, Limits.Patience());
        Convert.ToHexString(actual).ShouldBe(Convert.ToHexString(expected));
    }

    /// <summary>The client closed, and nothing came before.</summary>
    public async Task ExpectEndAsync() => (await _stream.ReadAsync(new byte[1], Limits.Patience())).ShouldBe(0);

    public async Task<byte[]> ReadPacketAsync()
    {
        var header = new List<byte>();
        var one = new byte[1];
        int length = 0, shift = 0;
        do
        {
            await _stream.ReadExactlyAsync(one, Limits.Patience());
            header.Add(one[0]);
            if (header.Count > 1)
            {
                length |= (one[0] & 0x7F) << shift;
                shift += 7;
            }
        }
        while (header.Count == 1 || one[0] >= 0x80);
        var body = new byte[length];
        await _stream.ReadExactlyAsync(body, Limits.Patience());
        return [.. header, .. body];
    }

    /// <summary>Closes without a word, as a lost network does.</summary>
    public void Cut()
    {
        if (socket.Client is null)
            return;
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    public static byte[] Parse(string text)
    {
        var bytes = new List<byte>();
        var parts = text.Split('\'');
        for (var i = 0; i < parts.Length; i++)
            bytes.AddRange(i % 2 == 1 ? Encoding.ASCII.GetBytes(parts[i]) : Convert.FromHexString(parts[i].Replace(" ", "", StringComparison.Ordinal)));
        return [.. bytes];
    }
}
