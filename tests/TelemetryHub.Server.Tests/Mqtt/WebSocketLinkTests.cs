using System.Net;
using System.Net.WebSockets;
using System.Text;
using TelemetryHub.Broker.Links;

namespace TelemetryHub.Server.Tests.Mqtt;

public class WebSocketLinkTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("mqtt")]
    [InlineData("mqttv3.1")]
    public async Task The_subprotocols_of_mqtt_are_accepted(string name)
    {
        await using var server = await EchoServer.StartAsync();
        using var socket = await ConnectAsync(server, "other", name);
        socket.SubProtocol.ShouldBe(name);
        (await server.NextAsync()).Link.Info.Transport.ShouldBe(LinkTransport.WebSocket);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("soap")]
    [InlineData("MQTT")]
    public async Task A_client_that_does_not_offer_them_is_refused(string? name)
    {
        await using var server = await EchoServer.StartAsync();
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        if (name is not null) socket.Options.AddSubProtocol(name);
        await Should.ThrowAsync<WebSocketException>(() => socket.ConnectAsync(Uri(server, "ws"), Cancel));
        socket.HttpStatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_plain_request_is_told_to_upgrade()
    {
        await using var server = await EchoServer.StartAsync();
        using var client = new HttpClient();
        using var response = await client.GetAsync(Uri(server, "http"), Cancel);
        response.StatusCode.ShouldBe(HttpStatusCode.UpgradeRequired);
        response.Headers.Upgrade.ToString().ShouldBe("websocket");
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task A_packet_across_frames_and_several_in_one_frame_both_work()
    {
        await using var server = await EchoServer.StartAsync();
        using var socket = await ConnectAsync(server, "mqtt");
        await SendAsync(socket, [3, 1]);
        await SendAsync(socket, []);
        await SendAsync(socket, [2], end: false);
        await SendAsync(socket, [3, 1, 4, 2, 5]);
        await SendAsync(socket, [6, 1, 7]);
        (await ReceiveAsync(socket, 11)).ShouldBe([3, 1, 2, 3, 1, 4, 2, 5, 6, 1, 7]);
    }

    [Fact]
    public async Task What_waits_goes_out_in_one_binary_message()
    {
        await using var server = await EchoServer.StartAsync();
        using var socket = await ConnectAsync(server, "mqtt");
        byte[] packets = [.. Enumerable.Repeat<byte[]>([.. new byte[] { 99 }, .. new byte[99]], 20).SelectMany(packet => packet)];
        await SendAsync(socket, packets);
        byte[] buffer = new byte[packets.Length * 2];
        var received = await socket.ReceiveAsync(buffer.AsMemory(), Cancel);
        received.MessageType.ShouldBe(WebSocketMessageType.Binary);
        buffer[..received.Count].ShouldBe(packets[..received.Count]);
        (received.Count % 100).ShouldBe(0);
    }

    [Fact]
    public async Task A_text_message_is_answered_with_close_code_1003()
    {
        await using var server = await EchoServer.StartAsync();
        using var socket = await ConnectAsync(server, "mqtt");
        await socket.SendAsync("hello"u8.ToArray().AsMemory(), WebSocketMessageType.Text, endOfMessage: true, Cancel);
        (await socket.ReceiveAsync(new byte[10].AsMemory(), Cancel)).MessageType.ShouldBe(WebSocketMessageType.Close);
        socket.CloseStatus.ShouldBe(WebSocketCloseStatus.InvalidMessageType);
        (await (await server.NextAsync()).Closed).ShouldBe(LinkEnd.TransportFault);
    }

    [Fact]
    public async Task A_client_that_closes_gets_its_close_answered()
    {
        await using var server = await EchoServer.StartAsync();
        using var socket = await ConnectAsync(server, "mqtt");
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancel);
        socket.State.ShouldBe(WebSocketState.Closed);
        (await (await server.NextAsync()).Closed).ShouldBe(LinkEnd.PeerClosed);
    }

    [Fact]
    public async Task The_broker_closes_with_a_close_frame_after_the_last_bytes()
    {
        await using var server = await EchoServer.StartAsync();
        using var socket = await ConnectAsync(server, "mqtt");
        await SendAsync(socket, [1, 9, 0]);
        (await ReceiveAsync(socket, 3)).ShouldBe([1, 9, 0]);
        (await socket.ReceiveAsync(new byte[10].AsMemory(), Cancel)).MessageType.ShouldBe(WebSocketMessageType.Close);
        socket.CloseStatus.ShouldBe(WebSocketCloseStatus.NormalClosure);
        (await (await server.NextAsync()).Closed).ShouldBe(LinkEnd.Closed);
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_cut()
    {
        await using var server = await EchoServer.StartAsync();
        using var socket = await ConnectAsync(server, "mqtt");
        await SendAsync(socket, [1, 0xFF]);
        var handler = await server.NextAsync();
        await handler.Flooded;
        handler.Link.Abort();
        (await handler.Closed).ShouldBe(LinkEnd.Aborted);
        await Should.ThrowAsync<WebSocketException>(async () => await ReceiveAsync(socket, int.MaxValue / 2));
    }

    [Fact]
    public async Task A_client_that_vanishes_in_the_middle_of_a_frame_is_a_reset()
    {
        await using var server = await EchoServer.StartAsync();
        await using var peer = await UpgradeAsync(server);
        await peer.SendAsync(0x82, 0x85, 0, 0, 0, 0, 4, 1, 2); // five bytes announced, three sent
        peer.Reset();
        (await (await server.NextAsync()).Closed).ShouldBe(LinkEnd.Reset);
    }

    [Fact]
    public async Task A_half_written_frame_is_waited_for()
    {
        await using var server = await EchoServer.StartAsync();
        await using var peer = await UpgradeAsync(server);
        foreach (byte one in new byte[] { 0x82, 0x83, 1, 2, 3, 4, 2 ^ 1, 8 ^ 2, 9 ^ 3 }) await peer.SendAsync(one);
        (await peer.ReceiveAsync(5)).ShouldBe([0x82, 3, 2, 8, 9]);
    }

    [Theory]
    [InlineData(0x82, 0x01, 0x00)] // not masked
    [InlineData(0xF2, 0x80, 0x00)] // reserved bits
    [InlineData(0x83, 0x80, 0x00)] // unknown opcode
    [InlineData(0x80, 0x80, 0x00)] // continues nothing
    public async Task Frames_against_the_websocket_protocol_are_a_transport_fault(params int[] frame)
    {
        await using var server = await EchoServer.StartAsync();
        await using var peer = await UpgradeAsync(server);
        await peer.SendAsync([.. frame.Select(value => (byte)value), 0, 0, 0, 0, 0]);
        (await (await server.NextAsync()).Closed).ShouldBe(LinkEnd.TransportFault);
        await peer.ClosedAsync();
    }

    [Fact]
    public async Task A_connection_above_the_limits_is_told_to_come_back_later()
    {
        await using var server = await EchoServer.StartAsync();
        server.Refuses = true;
        using var socket = await ConnectAsync(server, "mqtt");
        (await socket.ReceiveAsync(new byte[10].AsMemory(), Cancel)).MessageType.ShouldBe(WebSocketMessageType.Close);
        ((int?)socket.CloseStatus).ShouldBe(1013);
    }

    private static async Task<ClientWebSocket> ConnectAsync(EchoServer server, params string[] subProtocols)
    {
        var socket = new ClientWebSocket();
        foreach (string name in subProtocols) socket.Options.AddSubProtocol(name);
        await socket.ConnectAsync(Uri(server, "ws"), Cancel);
        return socket;
    }

    private static async Task<Peer> UpgradeAsync(EchoServer server)
    {
        var peer = await Peer.ConnectAsync(server.Address("http"));
        await peer.SendAsync(Encoding.ASCII.GetBytes(
            "GET /mqtt HTTP/1.1\r\nHost: hub\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n"));
        var answer = new StringBuilder();
        while (!answer.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal)) answer.Append((char)(await peer.ReceiveAsync(1))[0]);
        answer.ToString().ShouldStartWith("HTTP/1.1 101 ");
        return peer;
    }

    private static Uri Uri(EchoServer server, string scheme) => new($"{scheme}://{server.Address("http")}/mqtt");

    private static ValueTask SendAsync(ClientWebSocket socket, byte[] bytes, bool end = true)
        => socket.SendAsync(bytes.AsMemory(), WebSocketMessageType.Binary, end, Cancel);

    private static async Task<byte[]> ReceiveAsync(ClientWebSocket socket, int length)
    {
        var all = new List<byte>();
        byte[] buffer = new byte[4096];
        while (all.Count < length)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), Cancel);
            received.MessageType.ShouldBe(WebSocketMessageType.Binary);
            all.AddRange(buffer[..received.Count]);
        }

        return [.. all];
    }
}
