using TelemetryHub.Broker.Operation;
using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Mqtt;
using static TelemetryHub.Mqtt.Properties.PropertyId;

namespace TelemetryHub.Broker.Tests.Delivery;

public class PacketSizeTests
{
    // Header 2, topic length 2, topic 1, packet id 2, property length 1.
    private const int HeadBytes = 8;

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task The_largest_packet_is_taken_and_one_byte_more_is_not(MqttVersion version)
    {
        await using var broker = TestBroker.Start(new() { MaxPacketBytes = 100 });
        var client = broker.Open(version);
        var answer = await client.ConnectAsync("a");
        answer.Number(MaximumPacketSize).ShouldBe(version == MqttVersion.V5 ? 100u : null);
        var head = version == MqttVersion.V5 ? HeadBytes : HeadBytes - 1;
        await client.PublishAckedAsync("t", new string('x', 100 - head));
        client.Publish("t", new string('x', 101 - head), qos: 1, id: 1);
        if (version == MqttVersion.V5)
            await client.ExpectAsync("DISCONNECT 0x95");
        await client.ExpectClosedAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_message_that_fits_exactly_is_sent_and_a_larger_one_is_dropped_for_that_subscriber_only(int qos)
    {
        await using var broker = TestBroker.Start();
        var small = await broker.ConnectAsync("small", props: new() { { MaximumPacketSize, 50 } });
        await small.SubscribeAsync(new Filter("t", qos));
        var large = await broker.ConnectAsync("large");
        await large.SubscribeAsync(new Filter("t", qos));
        var fits = new string('x', 50 - HeadBytes + (qos == 0 ? 2 : 0));
        var publisher = await broker.ConnectAsync("p");
        publisher.Publish("t", fits + "y", qos, id: 1);
        publisher.Publish("t", fits, qos, id: 2);

        var received = await small.ReceiveAsync();
        received.Text.ShouldBe(fits);
        received.TotalBytes.ShouldBe(50);
        await small.ExpectNothingAsync();
        (await large.ReceiveAsync()).Text.ShouldBe(fits + "y");
        (await large.ReceiveAsync()).Text.ShouldBe(fits);
        broker.Broker.Statistics.Dropped(DropReason.TooLargeForSubscriber).ShouldBe(1);
    }

    [Fact]
    public async Task Properties_expiry_and_identifiers_count_too()
    {
        await using var broker = TestBroker.Start();
        Props props = new() { { ContentType, "text" }, { MessageExpiryInterval, 60 }, { "name", "value" } };
        var large = await broker.ConnectAsync("large");
        await large.AskSubscribeAsync(1, new() { { SubscriptionIdentifier, 300 } }, "t");
        var publisher = await broker.ConnectAsync("p");
        publisher.Publish("t", "hello", props: props);
        var bytes = (await large.ReceiveAsync()).TotalBytes;

        var exact = await broker.ConnectAsync("exact", props: new() { { MaximumPacketSize, bytes } });
        await exact.AskSubscribeAsync(1, new() { { SubscriptionIdentifier, 300 } }, "t");
        var below = await broker.ConnectAsync("below", props: new() { { MaximumPacketSize, bytes - 1 } });
        await below.AskSubscribeAsync(1, new() { { SubscriptionIdentifier, 300 } }, "t");
        publisher.Publish("t", "hello", props: props);
        (await exact.ReceiveAsync()).TotalBytes.ShouldBe(bytes);
        await below.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_topic_alias_does_not_make_a_packet_too_large()
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a", props: new() { { MaximumPacketSize, 50 }, { TopicAliasMaximum, 10 } });
        await client.SubscribeAsync("topic");
        var payload = new string('x', 50 - 10);
        client.Publish("topic", payload);
        var received = await client.ReceiveAsync();
        received.ToString().ShouldBe($"PUBLISH topic={payload} q0");
        received.TotalBytes.ShouldBe(50);
    }

    [Fact]
    public async Task What_is_too_large_for_the_new_connection_is_not_sent_again()
    {
        await using var broker = TestBroker.Start();
        var subscriber = await broker.ConnectAsync("s", props: new() { { SessionExpiryInterval, 60 } });
        await subscriber.SubscribeAsync(new Filter("t", QoS: 1));
        var publisher = await broker.ConnectAsync("p");
        await publisher.PublishAckedAsync("t", new string('x', 100));
        await publisher.PublishAckedAsync("t", "small");
        (await subscriber.ReceiveAsync()).PacketId.ShouldBe((ushort)1);
        await subscriber.ExpectAsync("PUBLISH t=small q1 id=2");

        subscriber = await broker.ConnectAsync("s", clean: false, present: true, props: new() { { MaximumPacketSize, 50 } });
        await subscriber.ExpectAsync("PUBLISH t=small q1 id=2 dup");
        await subscriber.ExpectNothingAsync();
        broker.Broker.Statistics.Dropped(DropReason.TooLargeForSubscriber).ShouldBe(1);
    }
}
