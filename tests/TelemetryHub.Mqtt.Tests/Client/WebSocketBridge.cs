using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace TelemetryHub.Mqtt.Tests.Client;

/// <summary>A WebSocket server in front of a broker that has none. It cuts what it passes on into small frames, as a server may.</summary>
public sealed class WebSocketBridge : IAsyncDisposable
{
    private const int FrameBytes = 7;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly X509Certificate2? _certificate;
    private readonly int _target;
    private readonly Task _running;

    public WebSocketBridge(int target, X509Certificate2? certificate = null)
    {
        (_target, _certificate) = (target, certificate);
        _listener.Start();
        _running = RunAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The head of the HTTP request.</summary>
    public string Request { get; private set; } = "";

    /// <summary>Sent as a text frame in place of everything the broker says.</summary>
    public string? TextInstead { get; init; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _running;
        _certificate?.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            using var broker = new TcpClient();
            await broker.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
            using var socket = await UpgradeAsync(client.GetStream());
            var toBroker = ToBrokerAsync(socket, broker.GetStream());
            var toClient = ToClientAsync(broker.GetStream(), socket);
            await Task.WhenAll(toBroker, toClient);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or WebSocketException or SocketException)
        {
            // the test is over, or one side is gone
        }
    }

    private async Task<WebSocket> UpgradeAsync(Stream stream)
    {
        if (_certificate is not null)
        {
            var secure = new SslStream(stream);
            await secure.AuthenticateAsServerAsync(_certificate);
            stream = secure;
        }

        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one, _stop.Token);
            head.Append((char)one[0]);
        }

        Request = head.ToString();
        var key = Encoding.ASCII.GetBytes(Header("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
#pragma warning disable CA5350 // RFC 6455 §4.2.2 wants SHA-1; nothing depends on its strength
        var accept = Convert.ToBase64String(SHA1.HashData(key));
#pragma warning restore CA5350
        var protocol = Header("Sec-WebSocket-Protocol");
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + $"Sec-WebSocket-Accept: {accept}\r\nSec-WebSocket-Protocol: {protocol}\r\n\r\n"),
            _stop.Token);
        return WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true, SubProtocol = protocol });
    }

    private string Header(string name) =>
        Request.Split("\r\n").Single(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))[(name.Length + 1)..].Trim();

    private async Task ToBrokerAsync(WebSocket socket, NetworkStream broker)
    {
        var buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer.AsMemory(), _stop.Token) is { MessageType: not WebSocketMessageType.Close } result)
            await broker.WriteAsync(buffer.AsMemory(0, result.Count), _stop.Token);
        broker.Socket.Shutdown(SocketShutdown.Send);
    }

    private async Task ToClientAsync(NetworkStream broker, WebSocket socket)
    {
        var buffer = new byte[FrameBytes];
        while (await broker.ReadAsync(buffer, _stop.Token) is > 0 and var count)
        {
            if (TextInstead is null)
                await socket.SendAsync(buffer.AsMemory(0, count), WebSocketMessageType.Binary, true, _stop.Token);
            else
                await socket.SendAsync(Encoding.UTF8.GetBytes(TextInstead), WebSocketMessageType.Text, true, _stop.Token);
        }

        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, _stop.Token);
    }
}
