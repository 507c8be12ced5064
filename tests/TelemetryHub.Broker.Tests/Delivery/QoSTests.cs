using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Mqtt;
using static TelemetryHub.Mqtt.Properties.PropertyId;

namespace TelemetryHub.Broker.Tests.Delivery;

public class QoSTests
{
    [Theory]
    [InlineData(MqttVersion.V31)]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_message_is_delivered_with_the_lower_of_both_qos(MqttVersion version)
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a", version);
        await client.SubscribeAsync(new Filter("0"), new Filter("1", QoS: 1), new Filter("2", QoS: 2));
        client.Publish("0", "two", qos: 2, id: 1);
        client.Publish("1", "two", qos: 2, id: 2);
        client.Publish("2", "two", qos: 2, id: 3);
        client.Publish("2", "one", qos: 1, id: 4);
        client.Publish("2", "zero");
        client.Publish("1", "zero");
        await client.ExpectInAnyOrderAsync(
            "PUBREC id=1", "PUBREC id=2", "PUBREC id=3", "PUBACK id=4",
            "PUBLISH 0=two q0", "PUBLISH 1=two q1 id=1", "PUBLISH 2=two q2 id=2", "PUBLISH 2=one q1 id=3", "PUBLISH 2=zero q0", "PUBLISH 1=zero q0");
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task Qos_1_is_acknowledged_both_ways(MqttVersion version)
    {
        await using var broker = TestBroker.Start();
        var subscriber = await broker.ConnectAsync("s", version);
        await subscriber.SubscribeAsync(new Filter("t", QoS: 1));
        var publisher = await broker.ConnectAsync("p", version);
        publisher.Publish("t", "hello", qos: 1, id: 77);
        await publisher.ExpectAsync("PUBACK id=77");
        await subscriber.ExpectAsync("PUBLISH t=hello q1 id=1");
        subscriber.Ack(PacketType.PubAck, 1);
        await subscriber.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task Qos_2_takes_four_packets_both_ways(MqttVersion version)
    {
        await using var broker = TestBroker.Start();
        var subscriber = await broker.ConnectAsync("s", version);
        await subscriber.SubscribeAsync(new Filter("t", QoS: 2));
        var publisher = await broker.ConnectAsync("p", version);
        publisher.Publish("t", "hello", qos: 2, id: 77);
        await publisher.ExpectAsync("PUBREC id=77");
        publisher.Ack(PacketType.PubRel, 77);
        await publisher.ExpectAsync("PUBCOMP id=77");

        await subscriber.ExpectAsync("PUBLISH t=hello q2 id=1");
        subscriber.Ack(PacketType.PubRec, 1);
        await subscriber.ExpectAsync("PUBREL id=1");
        subscriber.Ack(PacketType.PubComp, 1);
        await subscriber.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_publishers_dup_flag_is_its_own_and_not_copied(MqttVersion version)
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a", version);
        await client.SubscribeAsync(new Filter("t", QoS: 2));
        client.Publish("t", "one", qos: 1, id: 1, dup: true);
        client.Publish("t", "two", qos: 2, id: 2, dup: true);
        await client.ExpectInAnyOrderAsync("PUBACK id=1", "PUBREC id=2", "PUBLISH t=one q1 id=1", "PUBLISH t=two q2 id=2");
    }

    [Fact]
    public async Task A_publish_that_nobody_wants_says_so_to_mqtt_5_only()
    {
        await using var broker = TestBroker.Start();
        var five = await broker.ConnectAsync("five");
        five.Publish("t", qos: 1, id: 1);
        five.Publish("t", qos: 2, id: 2);
        await five.ExpectAsync("PUBACK id=1 0x10", "PUBREC id=2 0x10");
        var three = await broker.ConnectAsync("three", MqttVersion.V311);
        three.Publish("t", qos: 1, id: 1);
        await three.ExpectAsync("PUBACK id=1");
    }

    [Fact]
    public async Task The_messages_of_one_topic_arrive_in_their_order()
    {
        await using var broker = TestBroker.Start();
        var subscriber = await broker.ConnectAsync("s");
        await subscriber.SubscribeAsync(new Filter("t", QoS: 1));
        var publisher = await broker.ConnectAsync("p");
        for (var i = 1; i <= 50; i++)
            publisher.Publish("t", $"{i}", qos: 1, id: i);
        for (var i = 1; i <= 50; i++)
            await subscriber.ExpectAsync($"PUBLISH t={i} q1 id={i}");
    }

    [Fact]
    public async Task A_refusal_in_pubrec_ends_the_delivery()
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a", props: new() { { ReceiveMaximum, 1 } });
        await client.SubscribeAsync(new Filter("t", QoS: 2));
        await client.PublishAckedAsync("t", "ignored", id: 1);
        await client.ExpectAsync("PUBLISH t=ignored q1 id=1");
        client.Ack(PacketType.PubAck, 1);
        client.Publish("t", "first", qos: 2, id: 2);
        client.Publish("t", "second", qos: 2, id: 3);
        await client.ExpectInAnyOrderAsync("PUBREC id=2", "PUBREC id=3", "PUBLISH t=first q2 id=2");
        client.Ack(PacketType.PubRec, 2, ReasonCode.UnspecifiedError);
        await client.ExpectAsync("PUBLISH t=second q2 id=3");
    }

    [Fact]
    public async Task Unknown_packet_ids_are_answered_with_packet_identifier_not_found()
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a");
        client.Ack(PacketType.PubRel, 5);
        client.Ack(PacketType.PubRec, 6);
        client.Ack(PacketType.PubAck, 7);
        client.Ack(PacketType.PubComp, 8);
        await client.ExpectAsync("PUBCOMP id=5 0x92", "PUBREL id=6 0x92");
        await client.ExpectNothingAsync();
        var three = await broker.ConnectAsync("b", MqttVersion.V311);
        three.Ack(PacketType.PubRel, 5);
        three.Ack(PacketType.PubRec, 6);
        await three.ExpectAsync("PUBCOMP id=5", "PUBREL id=6");
    }
}
