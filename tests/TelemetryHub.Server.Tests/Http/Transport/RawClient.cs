using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TelemetryHub.Server.Tests.Http.Transport;

/// <summary>An HTTP client that writes and reads its bytes itself.</summary>
internal sealed class RawClient : IAsyncDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public IPEndPoint Local => (IPEndPoint)_socket.LocalEndPoint!;

    public static async Task<RawClient> ConnectAsync(IPEndPoint address, int receiveBuffer = 0)
    {
        var client = new RawClient();
        if (receiveBuffer > 0)
            client._socket.ReceiveBufferSize = receiveBuffer;
        await client._socket.ConnectAsync(address, Cancel);
        return client;
    }

    public Task GetAsync(string path = "/", string headers = "") => SendAsync($"GET {path} HTTP/1.1\r\nHost: hub\r\n{headers}\r\n");

    public async Task SendAsync(string text) => await SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(byte[] bytes)
    {
        for (var sent = 0; sent < bytes.Length;)
            sent += await _socket.SendAsync(bytes.AsMemory(sent), Cancel);
    }

    /// <summary>Closes its sending side.</summary>
    public void Finish() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Reads a head up to its empty line.</summary>
    public Task<string> ReadHeadAsync() => ReadUntilAsync("\r\n\r\n");

    /// <summary>Reads byte for byte up to and with these.</summary>
    public async Task<string> ReadUntilAsync(string end)
    {
        var text = new StringBuilder();
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal))
            text.Append(await ReadAsync(1));
        return text.ToString();
    }

    public async Task<string> ReadAsync(int count)
    {
        var bytes = new byte[count];
        for (var read = 0; read < count;)
        {
            var now = await _socket.ReceiveAsync(bytes.AsMemory(read), Cancel);
            if (now == 0)
                throw new EndOfStreamException($"after {read} of {count} bytes");
            read += now;
        }

        return Encoding.Latin1.GetString(bytes);
    }

    /// <summary>Reads to the end; throws when that is a reset.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var text = new StringBuilder();
        var buffer = new byte[64 * 1024];
        while (await _socket.ReceiveAsync(buffer.AsMemory(), Cancel) is > 0 and var read)
            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        return text.ToString();
    }

    /// <summary>Vanishes with a reset.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
