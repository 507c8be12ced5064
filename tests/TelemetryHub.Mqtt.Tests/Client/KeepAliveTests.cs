using TelemetryHub.Mqtt.Client;

namespace TelemetryHub.Mqtt.Tests.Client;

public sealed class KeepAliveTests : IAsyncDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TenSeconds = TimeSpan.FromSeconds(10);

    private readonly FakeServer _server = new();
    private readonly ManualTime _time = new();

    [Fact]
    public async Task A_quiet_connection_is_pinged_and_lives_while_the_server_answers()
    {
        var (client, peer) = await ConnectAsync();
        for (var i = 0; i < 3; i++)
        {
            _time.Advance(TenSeconds);
            client.State.ShouldBe(MqttConnectionState.Connected);
            _time.Advance(Minute - TenSeconds);
            await peer.ExpectAsync("C0 00");
            await AnswerAsync(client, peer);
        }
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_given_up()
    {
        var (client, peer) = await ConnectAsync();
        var states = new StateWatch(client);
        _time.Advance(Minute);
        await peer.ExpectAsync("C0 00");
        _time.Advance(TenSeconds);
        (await states.NextAsync(MqttConnectionState.Reconnecting)).End!.Cause.ShouldBe(DisconnectCause.KeepAliveTimedOut);
    }

    [Fact]
    public async Task A_client_that_only_sends_still_notices_a_dead_server()
    {
        var (client, peer) = await ConnectAsync();
        var states = new StateWatch(client);
        for (var i = 0; i < 6; i++)
        {
            _time.Advance(TenSeconds);
            await client.PublishAsync("a", default);
            if (i < 5)
                await peer.ExpectAsync("30 04 00 01 'a' 00");
        }

        (await peer.ReadPacketAsync())[0].ShouldBeOneOf((byte)0xC0, (byte)0x30);
        _time.Advance(TenSeconds);
        (await states.NextAsync(MqttConnectionState.Reconnecting)).End!.Cause.ShouldBe(DisconnectCause.KeepAliveTimedOut);
    }

    [Fact]
    public async Task The_servers_keep_alive_wins()
    {
        var client = _server.Client(_server.Options with { KeepAlive = Minute }, _time);
        var peer = await _server.ConnectAsync(client, "20 06 00 00 03 13 00 05");
        _time.Advance(TimeSpan.FromSeconds(5));
        await peer.ExpectAsync("C0 00");
    }

    [Fact]
    public async Task An_application_that_is_slow_is_not_a_dead_server()
    {
        var options = _server.Options with { KeepAlive = Minute, PingTimeout = TenSeconds, MaximumWaitingMessages = 1 };
        var client = _server.Client(options, _time);
        var peer = await _server.ConnectAsync(client);
        byte[] packet = [0x30, 0x84, 0x80, 0x02, 0, 1, (byte)'a', 0, .. new byte[32 * 1024]];
        peer.SendUntilStuck(packet, times: 2000).ShouldBeLessThan(2000L * packet.Length);
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(Minute);
            await peer.ExpectAsync("C0 00");
        }

        client.State.ShouldBe(MqttConnectionState.Connected);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task<(MqttClient Client, FakePeer Peer)> ConnectAsync()
    {
        var client = _server.Client(_server.Options with { KeepAlive = Minute, PingTimeout = TenSeconds }, _time);
        return (client, await _server.ConnectAsync(client));
    }

    /// <summary>Answers a ping and waits until the client has seen it: a message behind it has arrived then.</summary>
    private static async Task AnswerAsync(MqttClient client, FakePeer peer)
    {
        await peer.SendAsync("D0 00  30 04 00 01 'a' 00");
        await client.Messages.ReadAsync(Limits.Patience());
    }
}
