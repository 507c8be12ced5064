using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Mqtt;
using static TelemetryHub.Mqtt.Properties.PropertyId;

namespace TelemetryHub.Broker.Tests.Delivery;

public class ReceiveMaximumTests
{
    [Fact]
    public async Task The_hubs_limit_is_announced_and_one_more_ends_the_connection()
    {
        await using var broker = TestBroker.Start(new() { ReceiveMaximum = 2 });
        var client = broker.Open();
        (await client.ConnectAsync("a")).Number(ReceiveMaximum).ShouldBe(2u);
        client.Publish("t", qos: 2, id: 1);
        client.Publish("t", qos: 2, id: 2);
        await client.ExpectAsync("PUBREC id=1 0x10", "PUBREC id=2 0x10");
        client.Publish("t", qos: 2, id: 3);
        await client.ExpectAsync("DISCONNECT 0x93");
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task Pubrel_makes_room_and_qos_0_and_repetitions_need_none()
    {
        await using var broker = TestBroker.Start(new() { ReceiveMaximum = 1 });
        var client = await broker.ConnectAsync("a");
        client.Publish("t", qos: 2, id: 1);
        client.Publish("t");
        client.Publish("t", qos: 2, id: 1, dup: true);
        await client.ExpectAsync("PUBREC id=1 0x10", "PUBREC id=1");
        client.Ack(PacketType.PubRel, 1);
        client.Publish("t", qos: 2, id: 2);
        await client.ExpectAsync("PUBCOMP id=1", "PUBREC id=2 0x10");
    }

    [Fact]
    public async Task Mqtt_3_knows_no_limit()
    {
        await using var broker = TestBroker.Start(new() { ReceiveMaximum = 1 });
        var client = await broker.ConnectAsync("a", MqttVersion.V311);
        for (var id = 1; id <= 5; id++)
        {
            client.Publish("t", qos: 2, id: id);
            await client.ExpectAsync($"PUBREC id={id}");
        }
    }

    [Fact]
    public async Task A_clients_window_is_respected_and_each_acknowledgement_opens_it()
    {
        await using var broker = TestBroker.Start();
        var subscriber = await broker.ConnectAsync("s", props: new() { { ReceiveMaximum, 2 } });
        await subscriber.SubscribeAsync(new Filter("t", QoS: 2));
        var publisher = await broker.ConnectAsync("p");
        await publisher.PublishAckedAsync("t", "a");
        publisher.Publish("t", "b", qos: 2, id: 1);
        await publisher.ExpectAsync("PUBREC id=1");
        await publisher.PublishAckedAsync("t", "c");
        await publisher.PublishAckedAsync("t", "d");
        publisher.Publish("t", "zero");
        await publisher.PingAsync();
        await subscriber.ExpectAsync("PUBLISH t=a q1 id=1", "PUBLISH t=b q2 id=2", "PUBLISH t=zero q0");
        await subscriber.ExpectNothingAsync();

        subscriber.Ack(PacketType.PubRec, 2);
        await subscriber.ExpectAsync("PUBREL id=2");
        await subscriber.ExpectNothingAsync();
        subscriber.Ack(PacketType.PubComp, 2);
        await subscriber.ExpectAsync("PUBLISH t=c q1 id=3");
        subscriber.Ack(PacketType.PubAck, 1);
        await subscriber.ExpectAsync("PUBLISH t=d q1 id=4");
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task The_hub_has_a_window_of_its_own(MqttVersion version)
    {
        await using var broker = TestBroker.Start(new() { MaxInflight = 1 });
        var client = await broker.ConnectAsync("a", version);
        await client.SubscribeAsync(new Filter("t", QoS: 1));
        var publisher = await broker.ConnectAsync("p");
        await publisher.PublishAckedAsync("t", "a");
        await publisher.PublishAckedAsync("t", "b");
        await client.ExpectAsync("PUBLISH t=a q1 id=1");
        await client.ExpectNothingAsync();
        client.Ack(PacketType.PubAck, 1);
        await client.ExpectAsync("PUBLISH t=b q1 id=2");
    }

    [Fact]
    public async Task What_is_sent_again_after_a_reconnect_respects_the_new_window()
    {
        await using var broker = TestBroker.Start();
        var subscriber = await broker.ConnectAsync("s", props: new() { { SessionExpiryInterval, 60 } });
        await subscriber.SubscribeAsync(new Filter("t", QoS: 2));
        var publisher = await broker.ConnectAsync("p");
        publisher.Publish("t", "a", qos: 2, id: 1);
        publisher.Publish("t", "b", qos: 2, id: 2);
        publisher.Publish("t", "c", qos: 2, id: 3);
        await subscriber.ExpectAsync("PUBLISH t=a q2 id=1", "PUBLISH t=b q2 id=2", "PUBLISH t=c q2 id=3");
        subscriber.Ack(PacketType.PubRec, 1);
        await subscriber.ExpectAsync("PUBREL id=1");
        await broker.VanishAsync(subscriber);

        subscriber = await broker.ConnectAsync("s", clean: false, present: true, props: new() { { ReceiveMaximum, 1 } });
        await subscriber.ExpectAsync("PUBREL id=1");
        await subscriber.ExpectNothingAsync();
        subscriber.Ack(PacketType.PubComp, 1);
        await subscriber.ExpectAsync("PUBLISH t=b q2 id=2 dup");
        await subscriber.ExpectNothingAsync();
        subscriber.Ack(PacketType.PubRec, 2);
        await subscriber.ExpectAsync("PUBREL id=2");
        subscriber.Ack(PacketType.PubComp, 2);
        await subscriber.ExpectAsync("PUBLISH t=c q2 id=3 dup");
    }
}
