using TelemetryHub.Broker.Operation;
using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Mqtt;
using static TelemetryHub.Mqtt.Properties.PropertyId;

namespace TelemetryHub.Broker.Tests.Sessions;

public class TakeoverTests
{
    [Fact]
    public async Task The_old_connection_is_told_and_the_new_one_has_the_session()
    {
        await using var broker = TestBroker.Start();
        var old = await broker.ConnectAsync("a", props: new() { { SessionExpiryInterval, 60 } });
        await old.SubscribeAsync(new Filter("t", QoS: 1));
        var successor = await broker.ConnectAsync("a", clean: false, present: true, props: new() { { SessionExpiryInterval, 60 } });
        await old.ExpectAsync("DISCONNECT 0x8E");
        await old.ExpectClosedAsync();

        await successor.PublishAckedAsync("t", "hello");
        await successor.ExpectAsync("PUBLISH t=hello q1 id=1");
        broker.Broker.Statistics.Ended(DisconnectCause.TakenOver).ShouldBe(1);
    }

    [Theory]
    [InlineData(MqttVersion.V31)]
    [InlineData(MqttVersion.V311)]
    public async Task In_mqtt_3_the_old_connection_is_closed_without_a_word(MqttVersion version)
    {
        await using var broker = TestBroker.Start();
        var old = await broker.ConnectAsync("a", version, clean: false);
        await broker.ConnectAsync("a", version, clean: false, present: version == MqttVersion.V311);
        await old.ExpectClosedAsync();
    }

    [Fact]
    public async Task A_clean_start_takes_the_id_and_not_the_session()
    {
        await using var broker = TestBroker.Start();
        var old = await broker.ConnectAsync("a", props: new() { { SessionExpiryInterval, 60 } });
        await old.SubscribeAsync("t");
        var successor = await broker.ConnectAsync("a", clean: true, present: false);
        await old.ExpectAsync("DISCONNECT 0x8E");
        broker.Router.SubscriptionCount.ShouldBe(0);
        broker.Broker.SessionCount.ShouldBe(1);
        await successor.PingAsync();
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_session_that_ends_with_its_connection_is_not_taken_over(MqttVersion version)
    {
        await using var broker = TestBroker.Start();
        var old = await broker.ConnectAsync("a", version, clean: true);
        await old.SubscribeAsync("t");
        var successor = await broker.ConnectAsync("a", version, clean: false, present: false);
        await successor.PublishAckedAsync("t", "not for me");
        await successor.ExpectNothingAsync();
        broker.Router.SubscriptionCount.ShouldBe(0);
    }

    [Fact]
    public async Task A_subscription_that_the_old_connection_still_asked_for_does_not_outlive_its_session()
    {
        await using var broker = TestBroker.Start();
        var old = await broker.ConnectAsync("a");
        var successor = broker.Open();
        await broker.SettleAsync();
        using (await broker.HoldAsync())
        {
            successor.SendConnect("a");
            old.Send(WireWriter.Subscribe(MqttVersion.V5, 1, null, ["t"]));
        }
        (await successor.ReceiveAsync()).Type.ShouldBe(PacketType.ConnAck);
        await old.ExpectAsync("SUBACK id=1 97", "DISCONNECT 0x8E");
        broker.Router.SubscriptionCount.ShouldBe(0);
    }

    [Fact]
    public async Task The_old_connection_does_not_change_the_expiry_of_what_is_its_successors()
    {
        await using var broker = TestBroker.Start();
        var old = await broker.ConnectAsync("a", props: new() { { SessionExpiryInterval, 60 } });
        var successor = broker.Open();
        await broker.SettleAsync();
        using (await broker.HoldAsync())
        {
            successor.SendConnect("a", clean: false, props: new() { { SessionExpiryInterval, 60 } });
            old.Disconnect(props: new() { { SessionExpiryInterval, 0 } });
        }
        (await successor.ReceiveAsync()).IsPresent.ShouldBeTrue();
        await broker.VanishAsync(successor);
        await broker.ConnectAsync("a", clean: false, present: true);
    }

    [Fact]
    public async Task What_the_old_connection_had_not_acknowledged_is_sent_again_to_the_new_one()
    {
        await using var broker = TestBroker.Start();
        var old = await broker.ConnectAsync("a", props: new() { { SessionExpiryInterval, 60 } });
        await old.SubscribeAsync(new Filter("t", QoS: 1));
        await old.PublishAckedAsync("t", "hello");
        await old.ExpectAsync("PUBLISH t=hello q1 id=1");
        var successor = await broker.ConnectAsync("a", clean: false, present: true);
        await successor.ExpectAsync("PUBLISH t=hello q1 id=1 dup");
    }
}
