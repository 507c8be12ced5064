using TelemetryHub.Mqtt.Client;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Mqtt.Tests.Client;

public sealed class ReconnectTests : IAsyncDisposable
{
    private const string SessionPresent = "20 03 01 00 00";
    private static readonly byte[] X = "x"u8.ToArray();

    private readonly FakeServer _server = new();

    [Fact]
    public async Task In_a_resumed_session_everything_unacknowledged_is_repeated_in_order()
    {
        var client = _server.Client(_server.Options with { SessionExpirySeconds = 60 });
        var peer = await _server.ConnectAsync(client);
        peer.IsCleanStart.ShouldBeTrue();
        var publishes = new[] { QoS.AtLeastOnce, QoS.ExactlyOnce, QoS.AtLeastOnce, QoS.ExactlyOnce }
            .Select(qos => client.PublishAsync("a", X, qos).AsTask()).ToList();
        await peer.ExpectAsync("32 07 00 01 'a' 00 01 00 'x'  34 07 00 01 'a' 00 02 00 'x'");
        await peer.ExpectAsync("32 07 00 01 'a' 00 03 00 'x'  34 07 00 01 'a' 00 04 00 'x'");
        await peer.SendAsync("50 02 00 02  40 02 00 03");
        await peer.ExpectAsync("62 02 00 02");
        await publishes[2].Soon();
        peer.Cut();

        peer = await _server.AcceptMqttAsync(SessionPresent);
        peer.IsCleanStart.ShouldBeFalse();
        await peer.ExpectAsync("3A 07 00 01 'a' 00 01 00 'x'  62 02 00 02  3C 07 00 01 'a' 00 04 00 'x'");
        await peer.SendAsync("40 02 00 01  70 02 00 02  50 02 00 04");
        await peer.ExpectAsync("62 02 00 04");
        await peer.SendAsync("70 02 00 04");
        (await Task.WhenAll(publishes).Soon()).ShouldAllBe(result => result.IsSuccess);
    }

    [Fact]
    public async Task Repeats_heed_the_receive_maximum_of_the_new_connection()
    {
        var client = _server.Client(_server.Options with { SessionExpirySeconds = 60 });
        var peer = await _server.ConnectAsync(client);
        var publishes = Enumerable.Range(0, 3).Select(_ => client.PublishAsync("a", X, QoS.AtLeastOnce).AsTask()).ToList();
        for (var i = 0; i < 3; i++)
            await peer.ReadPacketAsync();
        peer.Cut();

        peer = await _server.AcceptMqttAsync("20 06 01 00 03 21 00 01");
        for (var id = 1; id <= 3; id++)
        {
            await peer.ExpectAsync($"3A 07 00 01 'a' 00 0{id} 00 'x'");
            await peer.SendAsync($"40 02 00 0{id}");
        }

        await Task.WhenAll(publishes).Soon();
    }

    [Fact]
    public async Task A_repeated_PUBREL_uses_a_place_of_the_receive_maximum_until_its_PUBCOMP()
    {
        var client = _server.Client(_server.Options with { SessionExpirySeconds = 60 });
        var peer = await _server.ConnectAsync(client);
        var released = client.PublishAsync("a", X, QoS.ExactlyOnce);
        await peer.ReadPacketAsync();
        await peer.SendAsync("50 02 00 01");
        await peer.ExpectAsync("62 02 00 01");
        peer.Cut();

        peer = await _server.AcceptMqttAsync("20 06 01 00 03 21 00 01");
        await peer.ExpectAsync("62 02 00 01");
        var next = client.PublishAsync("b", X, QoS.AtLeastOnce);
        await client.PublishAsync("mark", default);
        await peer.ExpectAsync("30 07 00 04 'mark' 00"); // so the other one waits
        await peer.SendAsync("70 02 00 01");
        await peer.ExpectAsync("32 07 00 01 'b' 00 02 00 'x'");
        (await released.Soon()).IsSuccess.ShouldBeTrue();
        next.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task In_a_lost_session_unacknowledged_messages_are_published_anew()
    {
        var client = _server.Client();
        var peer = await _server.ConnectAsync(client);
        var first = client.PublishAsync("a", X, QoS.AtLeastOnce);
        var released = client.PublishAsync("b", X, QoS.ExactlyOnce);
        await peer.ReadPacketAsync();
        await peer.ReadPacketAsync();
        await peer.SendAsync("50 02 00 02");
        await peer.ExpectAsync("62 02 00 02");
        peer.Cut();

        peer = await _server.AcceptMqttAsync();
        await peer.ExpectAsync("32 07 00 01 'a' 00 03 00 'x'"); // a new id, and no DUP
        await peer.SendAsync("40 02 00 03");
        await first.Soon();
        (await released.Soon()).IsSuccess.ShouldBeTrue();
    }

    [Fact]
    public async Task In_a_lost_session_unacknowledged_messages_fail_if_the_application_wants_that()
    {
        var client = _server.Client(_server.Options with { OnSessionLoss = SessionLossPolicy.Fail });
        var peer = await _server.ConnectAsync(client);
        var publish = client.PublishAsync("a", X, QoS.AtLeastOnce);
        await peer.ReadPacketAsync();
        peer.Cut();
        await _server.AcceptMqttAsync();
        await Should.ThrowAsync<MqttDisconnectedException>(publish.Soon());
    }

    [Fact]
    public async Task Publishes_of_QoS_1_wait_for_the_next_connection_and_of_QoS_0_do_not()
    {
        var client = _server.Client();
        var states = new StateWatch(client);
        var peer = await _server.ConnectAsync(client);
        peer.Cut();
        await states.NextAsync(MqttConnectionState.Reconnecting);
        var waiting = client.PublishAsync("a", X, QoS.AtLeastOnce);
        await Should.ThrowAsync<MqttDisconnectedException>(async () => await client.PublishAsync("a", X));

        peer = await _server.AcceptMqttAsync();
        await peer.ExpectAsync("32 07 00 01 'a' 00 01 00 'x'");
        await peer.SendAsync("40 02 00 01");
        await waiting.Soon();
    }

    [Fact]
    public async Task Subscriptions_are_asked_for_again_where_the_server_forgot_them()
    {
        var client = _server.Client();
        var states = new StateWatch(client);
        var peer = await _server.ConnectAsync(client);
        var subscribing = client.SubscribeAsync(
            [new(TopicFilter.Parse("a"), QoS.AtLeastOnce, NoLocal: true), new(TopicFilter.Parse("b"), QoS.AtMostOnce)],
            new SubscriptionProperties { Identifier = 5 });
        await peer.ExpectAsync("82 0D FD E9 02 0B 05 00 01 'a' 05 00 01 'b' 00");
        await peer.SendAsync("90 05 FD E9 00 01 00");
        (await subscribing.Soon()).IsSuccess.ShouldBeTrue();
        peer.Cut();

        peer = await _server.AcceptMqttAsync();
        await peer.ExpectAsync("82 0D FD E9 02 0B 05 00 01 'a' 05 00 01 'b' 00");
        await peer.SendAsync("90 05 FD E9 00 01 87");
        await states.NextAsync(MqttConnectionState.Connected);
        var change = await states.NextAsync(MqttConnectionState.Connected);
        change.LostSubscriptions.ShouldBe([new SubscriptionOutcome(TopicFilter.Parse("b"), ReasonCode.NotAuthorized)]);
        peer.Cut();

        peer = await _server.AcceptMqttAsync();
        await peer.ExpectAsync("82 09 FD E9 02 0B 05 00 01 'a' 05");
    }

    [Fact]
    public async Task The_servers_goodbye_is_reported_and_a_takeover_is_not_fought()
    {
        var client = _server.Client();
        var states = new StateWatch(client);
        var peer = await _server.ConnectAsync(client);
        var pending = client.PublishAsync("a", X, QoS.AtLeastOnce);
        await peer.SendAsync("E0 0C 8E 0A 1F 00 02 'me' 1C 00 02 'sr'");

        var change = await states.NextAsync(MqttConnectionState.Disconnected);
        change.End!.Cause.ShouldBe(DisconnectCause.ServerDisconnected);
        change.End.Reason.ShouldBe(ReasonCode.SessionTakenOver);
        change.End.ReasonString.ShouldBe("me");
        change.End.ServerReference.ShouldBe("sr");
        await Should.ThrowAsync<MqttDisconnectedException>(pending.Soon());
    }

    [Fact]
    public async Task Attempts_go_on_with_growing_waits_until_the_server_is_back()
    {
        var time = new ManualTime();
        var client = _server.Client(
            _server.Options with { Reconnect = new ReconnectPolicy { MinimumDelay = TimeSpan.FromSeconds(1), Jitter = () => 0.5 } }, time);
        var states = new StateWatch(client);
        var peer = await _server.ConnectAsync(client);
        peer.Cut();

        foreach (var seconds in new[] { 0.5, 1, 2 })
        {
            var change = await states.NextAsync(MqttConnectionState.Reconnecting);
            change.RetryIn.ShouldBe(TimeSpan.FromSeconds(seconds));
            time.Advance(change.RetryIn);
            peer = await _server.AcceptMqttAsync("20 03 00 89 00");
        }

        time.Advance((await states.NextAsync(MqttConnectionState.Reconnecting)).RetryIn);
        await _server.AcceptMqttAsync();
        (await states.NextAsync()).State.ShouldBe(MqttConnectionState.Connected);
    }

    [Fact]
    public async Task Attempts_end_when_the_policy_says_so_and_when_the_application_disconnects()
    {
        var policy = new ReconnectPolicy { MinimumDelay = TimeSpan.Zero, MaximumAttempts = 2 };
        var client = _server.Client(_server.Options with { Reconnect = policy });
        var states = new StateWatch(client);
        (await _server.ConnectAsync(client)).Cut();
        (await _server.AcceptAsync()).Cut();
        (await _server.AcceptAsync()).Cut();
        await states.NextAsync(MqttConnectionState.Disconnected);

        var time = new ManualTime();
        var patient = _server.Client(_server.Options with { Reconnect = new ReconnectPolicy { Jitter = () => 0.9 } }, time);
        states = new StateWatch(patient);
        (await _server.ConnectAsync(patient)).Cut();
        await states.NextAsync(MqttConnectionState.Reconnecting);
        await patient.DisconnectAsync().Soon();
        (await states.NextAsync()).State.ShouldBe(MqttConnectionState.Disconnected);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
