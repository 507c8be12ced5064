using TelemetryHub.Broker.Operation;
using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Mqtt;
using static TelemetryHub.Mqtt.Properties.PropertyId;

namespace TelemetryHub.Broker.Tests.Log;

public class LateLogTests
{
    private static readonly Props Kept = new() { { SessionExpiryInterval, 60 } };

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task Acknowledgements_leave_when_their_messages_are_kept_and_in_their_order(MqttVersion version)
    {
        var log = new HeldLog { KeepsLater = true };
        await using var broker = TestBroker.Start(log: log);
        var client = await broker.ConnectAsync("a", version);
        await client.SubscribeAsync("t");
        client.Publish("t", "1", qos: 1, id: 1);
        client.Publish("t", "2", qos: 2, id: 2);
        client.Publish("t", "3");
        client.Publish("t", "4", qos: 1, id: 4);
        await client.ExpectAsync("PUBLISH t=1 q0", "PUBLISH t=2 q0", "PUBLISH t=3 q0", "PUBLISH t=4 q0");
        await client.ExpectNothingAsync();
        log.Settle(1);
        await client.ExpectAsync("PUBACK id=1");
        await client.ExpectNothingAsync();
        log.Settle(3);
        await client.ExpectAsync("PUBREC id=2", "PUBACK id=4");
    }

    [Theory]
    [InlineData(1, "PUBACK id=1")]
    [InlineData(2, "PUBREC id=1")]
    public async Task What_the_log_refuses_is_refused_and_its_id_is_free(int qos, string answer)
    {
        var log = new HeldLog { IsRefusing = true };
        await using var broker = TestBroker.Start(log: log);
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("t");
        client.Publish("t", "refused");
        client.Publish("t", "refused", qos, id: 1);
        await client.ExpectAsync($"{answer} 0x97");
        log.IsRefusing = false;
        client.Publish("t", "taken", qos, id: 1);
        await client.ExpectInAnyOrderAsync(answer, "PUBLISH t=taken q0");
        broker.Broker.Statistics.Dropped(DropReason.LogRefused).ShouldBe(2);
    }

    [Theory]
    [InlineData(1, "PUBACK id=1")]
    [InlineData(2, "PUBREC id=1")]
    public async Task What_cannot_be_kept_in_the_end_is_refused_and_its_id_is_free(int qos, string answer)
    {
        var log = new HeldLog { KeepsLater = true };
        await using var broker = TestBroker.Start(log: log);
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("t");
        client.Publish("t", "1", qos, id: 1);
        await client.ExpectAsync("PUBLISH t=1 q0");
        log.Settle(1, areRefused: true);
        await client.ExpectAsync($"{answer} 0x97");
        client.Publish("t", "2", qos, id: 1);
        await client.ExpectAsync("PUBLISH t=2 q0");
        log.Settle(1);
        await client.ExpectAsync(answer);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task In_mqtt_3_a_refusal_ends_the_connection(bool atOnce)
    {
        var log = new HeldLog { KeepsLater = true, IsRefusing = atOnce };
        await using var broker = TestBroker.Start(log: log);
        var client = await broker.ConnectAsync("a", MqttVersion.V311);
        client.Publish("t", "1", qos: 1, id: 1);
        if (!atOnce)
        {
            await client.PingAsync();
            log.Settle(1, areRefused: true);
        }
        await client.ExpectClosedAsync();
        await broker.SettleAsync();
        broker.Broker.Statistics.Ended(DisconnectCause.PublishRefused).ShouldBe(1);
    }

    [Fact]
    public async Task A_repeated_publish_is_not_acknowledged_before_it_is_kept_either()
    {
        var log = new HeldLog { KeepsLater = true };
        await using var broker = TestBroker.Start(log: log);
        var client = await broker.ConnectAsync("a", props: Kept);
        client.Publish("t", "1", qos: 2, id: 1);
        client.Publish("t", "1", qos: 2, id: 1, dup: true);
        await client.ExpectNothingAsync();
        client = await broker.ConnectAsync("a", clean: false, present: true, props: Kept);
        client.Publish("t", "1", qos: 2, id: 1, dup: true);
        await client.ExpectNothingAsync();
        log.Settle(1);
        await client.ExpectAsync("PUBREC id=1");
        client.Ack(PacketType.PubRel, 1);
        await client.ExpectAsync("PUBCOMP id=1");
        log.Next.ShouldBe(2);
    }

    [Fact]
    public async Task A_publish_that_was_refused_to_a_connection_that_is_gone_is_taken_when_it_comes_again()
    {
        var log = new HeldLog { KeepsLater = true };
        await using var broker = TestBroker.Start(log: log);
        var client = await broker.ConnectAsync("a", props: Kept);
        client.Publish("t", "1", qos: 2, id: 1);
        await client.PingAsync();
        await broker.VanishAsync(client);
        log.Settle(1, areRefused: true);
        client = await broker.ConnectAsync("a", clean: false, present: true);
        client.Publish("t", "1", qos: 2, id: 1, dup: true);
        await client.PingAsync();
        log.Next.ShouldBe(3);
        log.Settle(1);
        await client.ExpectAsync("PUBREC id=1 0x10");
    }

    [Fact]
    public async Task What_waits_to_be_kept_counts_once_against_the_receive_maximum()
    {
        var log = new HeldLog { KeepsLater = true };
        await using var broker = TestBroker.Start(new() { ReceiveMaximum = 3 }, log);
        var client = await broker.ConnectAsync("a");
        client.Publish("t", qos: 2, id: 1);
        client.Publish("t", qos: 2, id: 2);
        client.Publish("t", qos: 1, id: 3);
        await client.ExpectNothingAsync();
        client.Publish("t", qos: 1, id: 4);
        await client.ExpectAsync("DISCONNECT 0x93");
    }
}
