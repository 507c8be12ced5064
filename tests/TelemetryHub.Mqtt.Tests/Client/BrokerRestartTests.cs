using System.Text;
using TelemetryHub.Mqtt.Client;

namespace TelemetryHub.Mqtt.Tests.Client;

public sealed class BrokerRestartTests
{
    [Fact]
    public async Task A_session_that_the_broker_saved_goes_on_after_its_restart()
    {
        await using var broker = await Mosquitto.StartAsync();
        await using var client = new MqttClient(Options(broker) with { CleanStart = false, SessionExpirySeconds = 600 });
        var states = new StateWatch(client);
        await client.ConnectAsync(Limits.Patience());
        await client.SubscribeAsync("a", QoS.ExactlyOnce).Soon();
        await states.NextAsync(MqttConnectionState.Connected);

        await broker.StopAsync();
        await states.NextAsync(MqttConnectionState.Reconnecting);
        var publish = client.PublishAsync("a", "x"u8.ToArray(), QoS.ExactlyOnce);
        await broker.StartAgainAsync();

        (await states.NextAsync(MqttConnectionState.Connected)).Connected!.SessionPresent.ShouldBeTrue();
        (await publish.Soon()).IsSuccess.ShouldBeTrue();
        Encoding.ASCII.GetString((await client.Messages.ReadAsync(Limits.Patience())).Payload.Span).ShouldBe("x");
    }

    [Fact]
    public async Task A_broker_that_forgot_everything_is_subscribed_to_again()
    {
        await using var broker = await Mosquitto.StartAsync();
        await using var client = new MqttClient(Options(broker));
        var states = new StateWatch(client);
        await client.ConnectAsync(Limits.Patience());
        await client.SubscribeAsync("a", QoS.AtLeastOnce).Soon();
        await states.NextAsync(MqttConnectionState.Connected);

        await broker.KillAsync();
        await states.NextAsync(MqttConnectionState.Reconnecting);
        await broker.StartAgainAsync();
        (await states.NextAsync(MqttConnectionState.Connected)).Connected!.SessionPresent.ShouldBeFalse();
        await client.PublishAsync("a", "x"u8.ToArray(), QoS.AtLeastOnce).Soon();
        Encoding.ASCII.GetString((await client.Messages.ReadAsync(Limits.Patience())).Payload.Span).ShouldBe("x");
    }

    [Fact]
    public async Task A_client_may_leave_and_come_back()
    {
        await using var broker = await Mosquitto.StartAsync();
        await using var client = new MqttClient(Options(broker) with { CleanStart = false, SessionExpirySeconds = 600 });
        (await client.ConnectAsync(Limits.Patience())).SessionPresent.ShouldBeFalse();
        await client.DisconnectAsync().Soon();
        (await client.ConnectAsync(Limits.Patience())).SessionPresent.ShouldBeTrue();
        await client.DisconnectAsync(sessionExpirySeconds: 0).Soon();
        (await client.ConnectAsync(Limits.Patience())).SessionPresent.ShouldBeFalse();
    }

    private static MqttClientOptions Options(Mosquitto broker) => new()
    {
        Host = "127.0.0.1",
        Port = broker.Port,
        ClientId = "device-1",
        Reconnect = new ReconnectPolicy { MinimumDelay = TimeSpan.FromMilliseconds(20), MaximumDelay = TimeSpan.FromMilliseconds(100) },
    };
}
