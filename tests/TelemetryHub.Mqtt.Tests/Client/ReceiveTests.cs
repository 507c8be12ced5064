using System.Text;
using TelemetryHub.Mqtt.Client;

namespace TelemetryHub.Mqtt.Tests.Client;

public sealed class ReceiveTests : IAsyncDisposable
{
    private readonly FakeServer _server = new();

    [Fact]
    public async Task QoS_1_is_acknowledged_when_handed_over_and_QoS_2_takes_four_steps()
    {
        var client = _server.Client();
        var peer = await _server.ConnectAsync(client);
        await peer.SendAsync("32 07 00 01 'a' 00 09 00 'x'  34 07 00 01 'a' 00 0A 00 'y'");
        await peer.ExpectAsync("40 02 00 09  50 02 00 0A");
        await peer.SendAsync("62 02 00 0A");
        await peer.ExpectAsync("70 02 00 0A");
        (await NextAsync(client)).ShouldBe("a:x");
        (await NextAsync(client)).ShouldBe("a:y");
    }

    [Fact]
    public async Task A_QoS_2_message_sent_again_is_acknowledged_and_not_handed_over_again()
    {
        var client = _server.Client(_server.Options with { SessionExpirySeconds = 60 });
        var peer = await _server.ConnectAsync(client);
        await peer.SendAsync("34 07 00 01 'a' 00 07 00 'x'");
        await peer.ExpectAsync("50 02 00 07");
        peer.Cut();

        peer = await _server.AcceptMqttAsync("20 03 01 00 00");
        await peer.SendAsync("3C 07 00 01 'a' 00 07 00 'x'");
        await peer.ExpectAsync("50 02 00 07");
        peer.Cut();

        peer = await _server.AcceptMqttAsync("20 03 01 00 00");
        await peer.SendAsync("62 02 00 07");
        await peer.ExpectAsync("70 02 00 07");
        await peer.SendAsync("34 07 00 01 'a' 00 07 00 'y'"); // the id is free again: another message
        await peer.ExpectAsync("50 02 00 07");
        (await NextAsync(client)).ShouldBe("a:x");
        (await NextAsync(client)).ShouldBe("a:y");
    }

    [Fact]
    public async Task In_a_new_session_the_old_QoS_2_ids_mean_nothing()
    {
        var client = _server.Client();
        var peer = await _server.ConnectAsync(client);
        await peer.SendAsync("34 07 00 01 'a' 00 07 00 'x'");
        await peer.ExpectAsync("50 02 00 07");
        peer.Cut();

        peer = await _server.AcceptMqttAsync();
        await peer.SendAsync("34 07 00 01 'a' 00 07 00 'y' 62 02 00 08");
        await peer.ExpectAsync("50 02 00 07 70 03 00 08 92");
        (await NextAsync(client)).ShouldBe("a:x");
        (await NextAsync(client)).ShouldBe("a:y");
    }

    [Fact]
    public async Task Manual_acks_leave_in_the_order_of_the_messages()
    {
        var client = _server.Client(_server.Options with { AckMode = AckMode.Manual });
        var peer = await _server.ConnectAsync(client);
        await peer.SendAsync("32 07 00 01 'a' 00 01 00 'x'  34 07 00 01 'a' 00 02 00 'y'  32 07 00 01 'a' 00 03 00 'z'");
        var messages = new List<ReceivedMessage>();
        for (var i = 0; i < 3; i++)
            messages.Add(await client.Messages.ReadAsync(Limits.Patience()));

        await messages[1].AcknowledgeAsync();
        await messages[2].AcknowledgeAsync();
        await client.PublishAsync("mark", default);
        await peer.ExpectAsync("30 07 00 04 'mark' 00"); // nothing before it: the first is still open
        await messages[0].AcknowledgeAsync();
        await peer.ExpectAsync("40 02 00 01  50 02 00 02  40 02 00 03");
    }

    [Fact]
    public async Task An_ack_that_comes_after_a_reconnect_answers_the_repeated_message()
    {
        var client = _server.Client(_server.Options with { AckMode = AckMode.Manual, SessionExpirySeconds = 60 });
        var states = new StateWatch(client);
        var peer = await _server.ConnectAsync(client);
        await peer.SendAsync("34 07 00 01 'a' 00 02 00 'y'");
        var message = await client.Messages.ReadAsync(Limits.Patience());
        peer.Cut();
        await states.NextAsync(MqttConnectionState.Reconnecting);

        peer = await _server.AcceptMqttAsync("20 03 01 00 00");
        await states.NextAsync(MqttConnectionState.Connected);
        await message.AcknowledgeAsync();
        await peer.SendAsync("3C 07 00 01 'a' 00 02 00 'y'");
        await peer.ExpectAsync("50 02 00 02");
    }

    [Fact]
    public async Task Topic_aliases_of_the_server_are_understood()
    {
        var client = _server.Client(_server.Options with { TopicAliasMaximum = 2 });
        var peer = await _server.ConnectAsync(client);
        await peer.SendAsync("30 08 00 01 'a' 03 23 00 02 'x'  30 07 00 00 03 23 00 02 'y'  30 08 00 01 'b' 03 23 00 02 'z'  30 07 00 00 03 23 00 02 '!'");
        foreach (var expected in new[] { "a:x", "a:y", "b:z", "b:!" })
            (await NextAsync(client)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("30 08 00 01 'a' 03 23 00 03 'x'", 0x94, "an alias beyond the maximum")]
    [InlineData("30 07 00 00 03 23 00 01 'x'", 0x94, "an alias that was never set")]
    [InlineData("36 07 00 01 'a' 00 01 00 'x'", 0x81, "QoS 3")]
    [InlineData("32 07 00 01 'a' 00 00 00 'x'", 0x82, "packet id 0")]
    [InlineData("30 05 00 01 '#' 00 'x'", 0x90, "a wildcard in a topic")]
    [InlineData("30 05 00 01 FF 00 'x'", 0x81, "bytes that are not UTF-8")]
    [InlineData("30 FF FF 7F", 0x95, "a packet that is too large")]
    [InlineData("30 FF FF FF FF 01", 0x81, "a length without end")]
    [InlineData("20 03 00 00 00", 0x82, "a second CONNACK")]
    [InlineData("C0 00", 0x82, "a client's packet")]
    [InlineData("F0 00", 0x82, "AUTH that nobody began")]
    [InlineData("90 04 FD E9 00 00", 0x82, "an answer to nothing")]
    public async Task Wrong_bytes_end_the_connection_with_the_reason(string bytes, byte reason, string what)
    {
        var client = _server.Client(_server.Options with { TopicAliasMaximum = 2, Reconnect = ReconnectPolicy.Off });
        var states = new StateWatch(client);
        var peer = await _server.ConnectAsync(client);
        await peer.SendAsync(bytes);
        await peer.ExpectAsync($"E0 01 {reason:X2}");
        await peer.ExpectEndAsync();
        peer.Cut();
        var change = await states.NextAsync(MqttConnectionState.Disconnected);
        change.End!.Cause.ShouldBe(DisconnectCause.ProtocolViolated, what);
        change.End.Reason.ShouldBe((ReasonCode)reason);
    }

    [Fact]
    public async Task A_server_that_exceeds_the_receive_maximum_is_told_so()
    {
        var client = _server.Client(_server.Options with { AckMode = AckMode.Manual, ReceiveMaximum = 1, Reconnect = ReconnectPolicy.Off });
        var peer = await _server.ConnectAsync(client);
        await peer.SendAsync("32 07 00 01 'a' 00 01 00 'x'  32 07 00 01 'a' 00 02 00 'y'");
        await peer.ExpectAsync("E0 01 93");
    }

    [Fact]
    public async Task Before_MQTT_5_wrong_bytes_just_end_the_connection()
    {
        var client = _server.Client(_server.Options with { Version = MqttVersion.V311, Reconnect = ReconnectPolicy.Off });
        var peer = await _server.ConnectAsync(client, "20 02 00 00");
        await peer.SendAsync("36 06 00 01 'a' 00 01 'x'");
        await peer.ExpectEndAsync();
    }

    [Fact]
    public async Task While_the_application_does_not_take_messages_the_socket_is_not_read()
    {
        var client = _server.Client(_server.Options with { MaximumWaitingMessages = 2 });
        var peer = await _server.ConnectAsync(client);
        byte[] packet = [0x30, 0x84, 0x80, 0x02, 0, 1, (byte)'a', 0, .. new byte[32 * 1024]];

        // 64 MB do not fit into loopback's buffers
        var stuckAt = peer.SendUntilStuck(packet, times: 2000);
        stuckAt.ShouldBeLessThan(2000L * packet.Length);
        client.Messages.Count.ShouldBeLessThanOrEqualTo(2);

        var finishing = peer.SendAsync(packet.AsMemory((int)(stuckAt % packet.Length)));
        for (var i = 0L; i <= stuckAt / packet.Length; i++)
            (await client.Messages.ReadAsync(Limits.Patience())).Payload.Length.ShouldBe(32 * 1024);
        await finishing.Soon();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static async Task<string> NextAsync(MqttClient client)
    {
        var message = await client.Messages.ReadAsync(Limits.Patience());
        return $"{message.Topic}:{Encoding.UTF8.GetString(message.Payload.Span)}";
    }
}
