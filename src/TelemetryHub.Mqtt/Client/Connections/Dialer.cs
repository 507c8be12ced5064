using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;

namespace TelemetryHub.Mqtt.Client.Connections;

/// <summary>Opens transports.</summary>
internal static class Dialer
{
    public static Task<Transport> OpenAsync(MqttClientOptions options, CancellationToken cancellationToken) => options.Transport switch
    {
        MqttTransport.Tcp => OpenTcpAsync(options, cancellationToken),
        MqttTransport.Tls => OpenTlsAsync(options, cancellationToken),
        _ => OpenWebSocketAsync(options, cancellationToken),
    };

    private static async Task<Transport> OpenTcpAsync(MqttClientOptions options, CancellationToken cancellationToken)
    {
        var stream = await ConnectSocketAsync(options, cancellationToken).ConfigureAwait(false);
        return new Transport(stream, _ =>
        {
            stream.Socket.Shutdown(SocketShutdown.Send);
            return ValueTask.CompletedTask;
        })
        { CanWaitWithoutBuffer = true };
    }

    private static async Task<Transport> OpenTlsAsync(MqttClientOptions options, CancellationToken cancellationToken)
    {
        var security = TlsSettings.For(options);
        var socket = await ConnectSocketAsync(options, cancellationToken).ConfigureAwait(false);
        var stream = new SslStream(socket);
        try
        {
            await stream.AuthenticateAsClientAsync(security, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return new Transport(stream, async _ =>
        {
            await stream.ShutdownAsync().ConfigureAwait(false);
            socket.Socket.Shutdown(SocketShutdown.Send);
        })
        { CanWaitWithoutBuffer = true };
    }

    private static async Task<NetworkStream> ConnectSocketAsync(MqttClientOptions options, CancellationToken cancellationToken)
    {
        // Packets are coalesced by the outbox; Nagle's algorithm would only add its delay.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new DnsEndPoint(options.Host, options.EffectivePort), cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<Transport> OpenWebSocketAsync(MqttClientOptions options, CancellationToken cancellationToken)
    {
        var secure = options.Transport == MqttTransport.SecureWebSocket;
        var address = new UriBuilder(secure ? "wss" : "ws", options.Host, options.EffectivePort).Uri;
        var socket = new ClientWebSocket();
        try
        {
            // MQTT 5 §6: "mqtt"; the older name belongs to 3.1
            socket.Options.AddSubProtocol(options.Version == MqttVersion.V31 ? "mqttv3.1" : "mqtt");
            socket.Options.KeepAliveInterval = TimeSpan.Zero; // MQTT pings by itself
            options.ConfigureWebSocket?.Invoke(socket.Options);
            using var security = secure ? TlsSettings.InvokerFor(options) : null;
            await socket.ConnectAsync(new Uri(address, options.WebSocketPath), security, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        return new Transport(new WebSocketByteStream(socket), cancel =>
            new ValueTask(socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancel)));
    }
}
