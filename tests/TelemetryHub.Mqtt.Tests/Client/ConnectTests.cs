using TelemetryHub.Mqtt.Client;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Mqtt.Tests.Client;

public sealed class ConnectTests : IAsyncDisposable
{
    private readonly FakeServer _server = new();

    [Theory]
    [InlineData(MqttVersion.V31, "10 0F 00 06 'MQIsdp' 03 02 00 3C 00 01 'c'", "20 02 00 00")]
    [InlineData(MqttVersion.V311, "10 0D 00 04 'MQTT' 04 02 00 3C 00 01 'c'", "20 02 00 00")]
    [InlineData(MqttVersion.V5, "10 13 00 04 'MQTT' 05 02 00 3C 05 27 00 01 00 00 00 01 'c'", "20 03 00 00 00")]
    public async Task Each_version_connects_in_its_own_words(MqttVersion version, string connect, string connAck)
    {
        var client = _server.Client(_server.Options with { Version = version, KeepAlive = TimeSpan.FromSeconds(60) });
        var connecting = client.ConnectAsync(Limits.Patience());
        var peer = await _server.AcceptAsync();
        await peer.ExpectAsync(connect);
        await peer.SendAsync(connAck);
        (await connecting.Soon()).SessionPresent.ShouldBeFalse();

        var leaving = client.DisconnectAsync();
        await peer.ExpectAsync("E0 00");
        await peer.ExpectEndAsync();
        peer.Cut();
        await leaving.Soon();
        client.State.ShouldBe(MqttConnectionState.Disconnected);
    }

    [Fact]
    public async Task Will_and_credentials_are_sent()
    {
        var client = _server.Client(_server.Options with
        {
            UserName = "u",
            Password = "p"u8.ToArray(),
            CleanStart = false,
            SessionExpirySeconds = 10,
            ReceiveMaximum = 3,
            Will = new MqttWill { Topic = TopicName.Parse("w"), Payload = "x"u8.ToArray(), QoS = QoS.ExactlyOnce, Retain = true, DelaySeconds = 5 },
        });
        var connecting = client.ConnectAsync(Limits.Patience());
        var peer = await _server.AcceptAsync();
        await peer.ExpectAsync("10 2D 00 04 'MQTT' 05 F4 00 00 0D 11 00 00 00 0A 21 00 03 27 00 01 00 00 00 01 'c'");
        await peer.ExpectAsync("05 18 00 00 00 05 00 01 'w' 00 01 'x' 00 01 'u' 00 01 'p'");
        await peer.SendAsync("20 03 00 00 00");
        await connecting.Soon();
    }

    [Fact]
    public async Task What_the_server_announces_is_in_the_result()
    {
        var client = _server.Client(_server.Options with { ClientId = "" });
        var connecting = client.ConnectAsync(Limits.Patience());
        await _server.AcceptMqttAsync(
            "20 2B 01 00 28 21 00 07 24 01 25 00 27 00 00 01 00 12 00 02 'id' 22 00 09 1F 00 02 'hi' 13 00 1E 1A 00 02 'ri' 1C 00 02 'sr' 2A 00");
        var result = await connecting.Soon();
        result.SessionPresent.ShouldBeTrue();
        result.ReceiveMaximum.ShouldBe((ushort)7);
        result.MaximumQoS.ShouldBe(QoS.AtLeastOnce);
        result.RetainAvailable.ShouldBeFalse();
        result.MaximumPacketBytes.ShouldBe(256u);
        result.ClientId.ShouldBe("id");
        result.TopicAliasMaximum.ShouldBe((ushort)9);
        result.ReasonString.ShouldBe("hi");
        result.KeepAlive.ShouldBe(TimeSpan.FromSeconds(30));
        result.ResponseInformation.ShouldBe("ri");
        result.ServerReference.ShouldBe("sr");
        result.SharedSubscriptionsAvailable.ShouldBeFalse();
        result.WildcardSubscriptionsAvailable.ShouldBeTrue();
    }

    [Fact]
    public async Task A_refusal_carries_what_the_server_said()
    {
        var client = _server.Client();
        var connecting = client.ConnectAsync(Limits.Patience());
        await _server.AcceptMqttAsync("20 0F 00 9C 0C 1C 00 03 'srv' 1F 00 03 'off'");
        var refused = await Should.ThrowAsync<MqttRefusedException>(connecting.Soon());
        refused.Reason.ShouldBe(ReasonCode.UseAnotherServer);
        refused.Result!.ServerReference.ShouldBe("srv");
        refused.Result.ReasonString.ShouldBe("off");
    }

    [Theory]
    [InlineData("'HTTP/1.1 400 Bad Request'")]
    [InlineData("20 03 02 00 00")]
    [InlineData("20 03 01 87 00")]
    [InlineData("30 05 00 01 'a' 00 'x'")]
    public async Task A_server_that_does_not_speak_MQTT_is_left(string answer)
    {
        var client = _server.Client();
        var connecting = client.ConnectAsync(Limits.Patience());
        await _server.AcceptMqttAsync(answer);
        var failed = await Should.ThrowAsync<MqttDisconnectedException>(connecting.Soon());
        failed.End!.Cause.ShouldBe(DisconnectCause.ProtocolViolated);
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_left_after_the_connect_timeout()
    {
        var time = new ManualTime();
        var client = _server.Client(_server.Options with { ConnectTimeout = TimeSpan.FromSeconds(5) }, time);
        var connecting = client.ConnectAsync(Limits.Patience());
        var peer = await _server.AcceptAsync();
        await peer.ReadPacketAsync();
        time.Advance(TimeSpan.FromSeconds(5));
        var failed = await Should.ThrowAsync<MqttDisconnectedException>(connecting.Soon());
        failed.End!.Cause.ShouldBe(DisconnectCause.ConnectTimedOut);
    }

    [Fact]
    public async Task Where_nobody_listens_connecting_fails_and_may_be_tried_again()
    {
        var client = _server.Client(_server.Options with { Port = Mosquitto.FreePort() });
        for (var i = 0; i < 2; i++)
        {
            var failed = await Should.ThrowAsync<MqttDisconnectedException>(client.ConnectAsync(Limits.Patience()));
            failed.End!.Cause.ShouldBe(DisconnectCause.TransportFailed);
        }
    }

    [Fact]
    public async Task A_client_that_was_never_connected_says_so()
    {
        var client = _server.Client();
        await Should.ThrowAsync<MqttDisconnectedException>(client.PublishAsync("a", default, QoS.AtLeastOnce).AsTask());
        await Should.ThrowAsync<MqttDisconnectedException>(client.SubscribeAsync("a"));
        client.TryPublish(TopicName.Parse("a"), default).ShouldBeFalse();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
