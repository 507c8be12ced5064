using System.Net;
using System.Net.WebSockets;
using System.Text;
using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;
using TelemetryHub.EndToEnd.Tests.Raw;

namespace TelemetryHub.EndToEnd.Tests.WebSockets;

/// <summary>MQTT over WebSocket: frames and packets have nothing to do with each other (MQTT 3.1.1 and 5 §6).</summary>
public sealed class WebSocketTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    private Uri Address => fixture.Broker.WebSocket;

    [Fact]
    public async Task A_packet_may_come_in_many_frames()
    {
        using var socket = await MqttWebSocket.OpenAsync(Address, "mqtt");
        foreach (var one in PacketNotation.Parse(RawConnection.ConnectNotation(4, Unique.ClientId("ws")))) await socket.SendAsync([one]);
        (await socket.ReadAsync()).ShouldBePacket("20 0000");
    }

    [Fact]
    public async Task A_message_may_be_fragmented()
    {
        var topic = Unique.Topic("ws");
        using var socket = await MqttWebSocket.ConnectAsync(Address);
        var subscribe = PacketNotation.Parse($"82 {{ 0001 \"{topic}\" 00 }}");
        await socket.SendAsync(subscribe[..3], last: false); // continued in the next frame of the same message
        await socket.SendAsync(subscribe[3..]);
        (await socket.ReadAsync()).ShouldBePacket("90 000100");
    }

    [Fact]
    public async Task A_frame_may_hold_many_packets()
    {
        var topic = Unique.Topic("ws");
        using var socket = await MqttWebSocket.ConnectAsync(Address);
        await socket.SendAsync($"82 {{ 0001 \"{topic}\" 00 }} C0 00 30 {{ \"{topic}\" 'one' }} C0 00");
        var answers = new List<string?>();
        for (var count = 0; count < 4; count++) answers.Add((await socket.ReadAsync())?.ToString());
        answers.ShouldBe(["90 000100", "D0 ", $"30 {Convert.ToHexString(PacketNotation.Parse($"\"{topic}\" 'one'"))}", "D0 "], ignoreOrder: true);
    }

    [Fact]
    public async Task A_frame_may_end_inside_a_packet_and_begin_inside_another()
    {
        using var socket = await MqttWebSocket.ConnectAsync(Address);
        await socket.SendAsync("C0 00 C0 00 C0");
        await socket.SendAsync("00 C0 00 C0");
        await socket.SendAsync("00");
        for (var count = 0; count < 5; count++) (await socket.ReadAsync()).ShouldBePacket("D0 ");
    }

    [Fact]
    public async Task An_empty_frame_is_nothing()
    {
        using var socket = await MqttWebSocket.ConnectAsync(Address);
        await socket.SendAsync([]);
        await socket.SendAsync("C0 00");
        (await socket.ReadAsync()).ShouldBePacket("D0 ");
    }

    [Fact]
    public async Task A_text_frame_closes_the_connection()
    {
        fixture.SkipOnMosquitto("takes text frames for binary ones");
        using var socket = await MqttWebSocket.ConnectAsync(Address);
        await socket.SendAsync(Encoding.ASCII.GetBytes("hello"), WebSocketMessageType.Text);
        (await socket.ReadCloseAsync()).ShouldBeOneOf(
            WebSocketCloseStatus.InvalidMessageType, WebSocketCloseStatus.ProtocolError, WebSocketCloseStatus.PolicyViolation);
    }

    [Fact]
    public async Task A_wrong_packet_closes_the_connection()
    {
        using var socket = await MqttWebSocket.ConnectAsync(Address);
        await socket.SendAsync("00 00");
        await socket.ReadCloseAsync(); // returns once it is closed
    }

    [Fact]
    public async Task The_will_is_published_when_the_socket_closes_without_DISCONNECT()
    {
        var topic = Unique.Topic("ws");
        using var watcher = await MqttWebSocket.ConnectAsync(Address);
        await watcher.SendAsync($"82 {{ 0001 \"{topic}\" 00 }}");
        (await watcher.ReadAsync()).ShouldBePacket("90 000100");
        using var device = await MqttWebSocket.OpenAsync(Address, "mqtt");
        await device.SendAsync($"10 {{ \"MQTT\" 04 06 003C \"{Unique.ClientId("ws")}\" \"{topic}\" \"lost\" }}");
        (await device.ReadAsync()).ShouldBePacket("20 0000");

        await device.CloseAsync();

        (await watcher.ReadAsync()).ShouldBePacket($"30 {Convert.ToHexString(PacketNotation.Parse($"\"{topic}\" 'lost'"))}");
    }

    [Theory]
    [InlineData("mqtt", 4)]
    [InlineData("mqtt", 5)]
    [InlineData("mqttv3.1", 3)]
    public async Task The_subprotocol_is_confirmed(string subProtocol, int version)
    {
        using var socket = await MqttWebSocket.OpenAsync(Address, subProtocol);
        socket.SubProtocol.ShouldBe(subProtocol);
        await socket.SendAsync(RawConnection.ConnectNotation(version, Unique.ClientId("ws")));
        (await socket.ReadAsync()).ShouldNotBeNull().Body[1].ShouldBe((byte)0);
    }

    [Fact]
    public async Task The_subprotocol_is_found_among_others()
    {
        using var socket = await MqttWebSocket.OpenAsync(Address, "wamp", "mqtt", "stomp");
        socket.SubProtocol.ShouldBe("mqtt");
    }

    [Theory]
    [InlineData("stomp")]
    [InlineData("MQTT5")]
    [InlineData(null)]
    public async Task Without_its_subprotocol_no_MQTT_is_spoken(string? subProtocol)
    {
        // MQTT 5 §6.0 [MQTT-6.0.0-3]: the client must ask for it.
        fixture.SkipOnMosquitto("does not insist on the subprotocol");
        var refused = await Should.ThrowAsync<WebSocketException>(
            async () => (await MqttWebSocket.OpenAsync(Address, subProtocol is null ? [] : [subProtocol])).Dispose());
        refused.WebSocketErrorCode.ShouldBe(WebSocketError.NotAWebSocket);
    }

    [Fact]
    public async Task A_plain_request_is_not_served_by_MQTT()
    {
        fixture.SkipOnMosquitto("does not answer a plain request");
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new UriBuilder(Address) { Scheme = "http" }.Uri, TestContext.Current.CancellationToken);
        ((int)answer.StatusCode).ShouldBeInRange((int)HttpStatusCode.BadRequest, 499);
    }
}
