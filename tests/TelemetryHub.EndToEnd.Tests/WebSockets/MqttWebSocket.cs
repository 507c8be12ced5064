using System.Net.WebSockets;
using TelemetryHub.EndToEnd.Tests.Programs;
using TelemetryHub.EndToEnd.Tests.Raw;

namespace TelemetryHub.EndToEnd.Tests.WebSockets;

/// <summary>A WebSocket to the broker that decides itself how packets are laid into frames.</summary>
public sealed class MqttWebSocket : IDisposable
{
    private readonly ClientWebSocket socket = new();
    private readonly List<byte> pending = [];

    public string? SubProtocol => socket.SubProtocol;

    public static async Task<MqttWebSocket> OpenAsync(Uri address, params string[] subProtocols)
    {
        var opened = new MqttWebSocket();
        foreach (var subProtocol in subProtocols) opened.socket.Options.AddSubProtocol(subProtocol);
        await Patience.For(opened.socket.ConnectAsync(address, TestContext.Current.CancellationToken), "the WebSocket handshake");
        return opened;
    }

    /// <summary>Opens, sends CONNECT (MQTT 3.1.1) and reads its answer.</summary>
    public static async Task<MqttWebSocket> ConnectAsync(Uri address)
    {
        var connected = await OpenAsync(address, "mqtt");
        await connected.SendAsync(RawConnection.ConnectNotation(4, Unique.ClientId("ws")));
        (await connected.ReadAsync()).ShouldBePacket("20 0000");
        return connected;
    }

    /// <summary>Sends bytes in <see cref="PacketNotation"/> as one message, or as a part of one.</summary>
    public Task SendAsync(string notation, bool last = true) => SendAsync(PacketNotation.Parse(notation), WebSocketMessageType.Binary, last);

    public Task SendAsync(byte[] bytes, WebSocketMessageType type = WebSocketMessageType.Binary, bool last = true) =>
        socket.SendAsync(bytes, type, last, TestContext.Current.CancellationToken);

    /// <summary>The next control packet, whatever frames it came in; null when the broker has closed.</summary>
    public async Task<RawPacket?> ReadAsync()
    {
        while (pending.Count < 2 || pending.Count < 2 + pending[1])
        {
            if (!await ReceiveAsync()) return null;
        }

        // All packets that these tests read are shorter than 128 bytes.
        var packet = new RawPacket(pending[0], [.. pending.Skip(2).Take(pending[1])]);
        pending.RemoveRange(0, 2 + pending[1]);
        return packet;
    }

    /// <summary>Waits until the broker closes and says with which code; null when it did so without a close frame.</summary>
    public async Task<WebSocketCloseStatus?> ReadCloseAsync()
    {
        while (await ReceiveAsync()) pending.Clear();
        return socket.CloseStatus;
    }

    /// <summary>Says goodbye in the WebSocket's way.</summary>
    public Task CloseAsync() => Patience.For(
        socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken), "the closing handshake");

    public void Dispose() => socket.Dispose();

    private async Task<bool> ReceiveAsync()
    {
        var buffer = new byte[4096];
        try
        {
            var received = await Patience.For(socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken), "a WebSocket frame");
            if (received.MessageType == WebSocketMessageType.Close) return false;
            received.MessageType.ShouldBe(WebSocketMessageType.Binary); // MQTT 5 §6.0
            pending.AddRange(buffer.AsSpan(0, received.Count));
            return true;
        }
        catch (WebSocketException)
        {
            return false; // closed without a close frame
        }
    }
}
