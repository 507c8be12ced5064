using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Mqtt;
using static TelemetryHub.Mqtt.Properties.PropertyId;

namespace TelemetryHub.Broker.Tests.Delivery;

public class ExactlyOnceTests
{
    private static Props? Kept(MqttVersion version) => version == MqttVersion.V5 ? new Props { { SessionExpiryInterval, 60 } } : null;

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_publish_that_is_repeated_before_pubrel_is_not_dispatched_again(MqttVersion version)
    {
        await using var broker = TestBroker.Start();
        var subscriber = await broker.ConnectAsync("s", version);
        await subscriber.SubscribeAsync("t");
        var publisher = await broker.ConnectAsync("p", version);
        publisher.Publish("t", "once", qos: 2, id: 7);
        publisher.Publish("t", "once", qos: 2, id: 7, dup: true);
        publisher.Publish("t", "once", qos: 2, id: 7);
        await publisher.ExpectAsync("PUBREC id=7", "PUBREC id=7", "PUBREC id=7");
        await subscriber.ExpectAsync("PUBLISH t=once q0");
        await subscriber.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_publish_that_is_repeated_after_a_reconnect_is_not_dispatched_again(MqttVersion version)
    {
        await using var broker = TestBroker.Start();
        var subscriber = await broker.ConnectAsync("s", version);
        await subscriber.SubscribeAsync("t");
        var publisher = await broker.ConnectAsync("p", version, clean: false, props: Kept(version));
        publisher.Publish("t", "once", qos: 2, id: 7);
        await publisher.ExpectAsync("PUBREC id=7");
        await broker.VanishAsync(publisher);

        publisher = await broker.ConnectAsync("p", version, clean: false, present: true, props: Kept(version));
        publisher.Publish("t", "once", qos: 2, id: 7, dup: true);
        await publisher.ExpectAsync("PUBREC id=7");
        publisher.Ack(PacketType.PubRel, 7);
        await publisher.ExpectAsync("PUBCOMP id=7");
        await subscriber.ExpectAsync("PUBLISH t=once q0");
        await subscriber.ExpectNothingAsync();
    }

    [Fact]
    public async Task After_pubrel_the_id_stands_for_a_new_message()
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a", MqttVersion.V311);
        await client.SubscribeAsync("t");
        foreach (var payload in new[] { "first", "second" })
        {
            client.Publish("t", payload, qos: 2, id: 7);
            await client.ExpectAsync("PUBREC id=7", $"PUBLISH t={payload} q0");
            client.Ack(PacketType.PubRel, 7);
            await client.ExpectAsync("PUBCOMP id=7");
        }
    }

    [Fact]
    public async Task A_new_session_knows_nothing_of_the_ids_of_the_old_one()
    {
        await using var broker = TestBroker.Start();
        var subscriber = await broker.ConnectAsync("s");
        await subscriber.SubscribeAsync("t");
        var publisher = await broker.ConnectAsync("p", props: Kept(MqttVersion.V5));
        publisher.Publish("t", "first", qos: 2, id: 7);
        await publisher.ExpectAsync("PUBREC id=7");
        publisher = await broker.ConnectAsync("p", clean: true);
        publisher.Publish("t", "second", qos: 2, id: 7);
        await publisher.ExpectAsync("PUBREC id=7");
        await subscriber.ExpectAsync("PUBLISH t=first q0", "PUBLISH t=second q0");
    }

    [Theory]
    [InlineData(MqttVersion.V31)]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task After_a_reconnect_what_is_open_comes_again_in_order_under_its_id(MqttVersion version)
    {
        await using var broker = TestBroker.Start();
        var subscriber = await broker.ConnectAsync("s", version, clean: false, props: Kept(version));
        await subscriber.SubscribeAsync(new Filter("t", QoS: 2));
        var publisher = await broker.ConnectAsync("p", version);
        publisher.Publish("t", "a", qos: 2, id: 1);
        publisher.Publish("t", "b", qos: 1, id: 2);
        publisher.Publish("t", "c", qos: 2, id: 3);
        publisher.Publish("t", "d", qos: 1, id: 4);
        await subscriber.ExpectAsync("PUBLISH t=a q2 id=1", "PUBLISH t=b q1 id=2", "PUBLISH t=c q2 id=3", "PUBLISH t=d q1 id=4");
        subscriber.Ack(PacketType.PubRec, 3);
        await subscriber.ExpectAsync("PUBREL id=3");
        subscriber.Ack(PacketType.PubAck, 4);
        await broker.VanishAsync(subscriber);
        await publisher.ExpectAsync("PUBREC id=1", "PUBACK id=2", "PUBREC id=3", "PUBACK id=4");
        await publisher.PublishAckedAsync("t", "e");

        subscriber = await broker.ConnectAsync("s", version, clean: false, present: version != MqttVersion.V31, props: Kept(version));
        await subscriber.ExpectAsync("PUBLISH t=a q2 id=1 dup", "PUBLISH t=b q1 id=2 dup", "PUBREL id=3", "PUBLISH t=e q1 id=5");
        subscriber.Ack(PacketType.PubComp, 3);
        subscriber.Ack(PacketType.PubRec, 1);
        await subscriber.ExpectAsync("PUBREL id=1");
        subscriber.Ack(PacketType.PubComp, 1);
        subscriber.Ack(PacketType.PubAck, 2);
        subscriber.Ack(PacketType.PubAck, 5);
        await broker.VanishAsync(subscriber);
        subscriber = await broker.ConnectAsync("s", version, clean: false, present: version != MqttVersion.V31, props: Kept(version));
        await subscriber.ExpectNothingAsync();
    }
}
