using System.Net.WebSockets;
using System.Text;
using TelemetryHub.Server.Feeds.WebSockets;

namespace TelemetryHub.Server.Tests.Feeds.WebSockets;

/// <summary>The framework's WebSocket client at a hub. Heartbeats are passed over.</summary>
internal sealed class SocketPeer : IDisposable
{
    private static readonly TimeSpan MostPatience = TimeSpan.FromSeconds(15); // less than it takes until a ping hides that nobody was woken

    private readonly ClientWebSocket _socket = new();
    private readonly Queue<string> _lines = new();
    private readonly byte[] _buffer = new byte[1 << 20];

    private HttpMessageInvoker? _invoker;

    private SocketPeer()
    {
    }

    /// <summary>How many messages of the socket have come.</summary>
    public int Frames { get; private set; }

    public string? SubProtocol => _socket.SubProtocol;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Connects without TLS; with <paramref name="tls"/> in HTTP/1.1 or HTTP/2 over it.</summary>
    public static async Task<SocketPeer> ConnectAsync(FeedHub hub, string query = "", string? tls = null, string? subProtocol = WebSocketHandshake.JsonName)
    {
        var peer = new SocketPeer { _invoker = hub.Invoker() };
        if (tls is not null)
        {
            peer._socket.Options.HttpVersion = new Version(tls);
            peer._socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        }

        await peer.ConnectAsync(tls is null ? hub.Http : hub.Https, query, subProtocol);
        return peer;
    }

    /// <summary>Connects without TLS to a hub somewhere.</summary>
    public static async Task<SocketPeer> ConnectAsync(Uri hub, string query = "")
    {
        var peer = new SocketPeer();
        await peer.ConnectAsync(hub, query, WebSocketHandshake.JsonName);
        return peer;
    }

    public Task SendAsync(string text) => _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, Cancel);

    public Task SendAsync(byte[] bytes) => _socket.SendAsync(bytes, WebSocketMessageType.Binary, true, Cancel);

    /// <summary>Sends a message and returns the line that answers it.</summary>
    public async Task<string> AskAsync(string text)
    {
        await SendAsync(text);
        return await NextAsync();
    }

    /// <summary>The next line.</summary>
    public async Task<string> NextAsync()
    {
        while (true)
        {
            while (_lines.TryDequeue(out var line))
            {
                if (!line.Contains("\"type\":\"cursor\"", StringComparison.Ordinal)) return line;
            }

            var (type, bytes) = await ReceiveAsync();
            type.ShouldBe(WebSocketMessageType.Text, _socket.CloseStatusDescription);
            foreach (var line in Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries)) _lines.Enqueue(line);
        }
    }

    /// <summary>The next binary message.</summary>
    public async Task<byte[]> NextBytesAsync()
    {
        var (type, bytes) = await ReceiveAsync();
        type.ShouldBe(WebSocketMessageType.Binary);
        return bytes;
    }

    /// <summary>Completes when the hub closes: the lines before that, and the code.</summary>
    public async Task<(List<string> Lines, int Code)> ClosedAsync()
    {
        while (true)
        {
            var (type, bytes) = await ReceiveAsync();
            if (type == WebSocketMessageType.Close) break;
            foreach (var line in Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries)) _lines.Enqueue(line);
        }

        return ([.. _lines], (int)_socket.CloseStatus!.Value);
    }

    /// <summary>Says goodbye and waits for the answer.</summary>
    public async Task<int> CloseAsync(int code)
    {
        await _socket.CloseAsync((WebSocketCloseStatus)code, "", Cancel);
        return (int)_socket.CloseStatus!.Value;
    }

    public void Dispose()
    {
        _socket.Dispose();
        _invoker?.Dispose();
    }

    private Task ConnectAsync(Uri hub, string query, string? subProtocol)
    {
        if (subProtocol is not null) _socket.Options.AddSubProtocol(subProtocol);
        var address = new UriBuilder(hub) { Scheme = hub.Scheme == Uri.UriSchemeHttps ? "wss" : "ws", Path = "/events", Query = query };
        return _socket.ConnectAsync(address.Uri, _invoker, Cancel);
    }

    private async Task<(WebSocketMessageType Type, byte[] Bytes)> ReceiveAsync()
    {
        for (var count = 0; ;)
        {
            var received = await _socket.ReceiveAsync(_buffer.AsMemory(count), Cancel).AsTask().WaitAsync(MostPatience, Cancel);
            count += received.Count;
            if (!received.EndOfMessage) continue;
            Frames++;
            return (received.MessageType, _buffer[..count]);
        }
    }
}
