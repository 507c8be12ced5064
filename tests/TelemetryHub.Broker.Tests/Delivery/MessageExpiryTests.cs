using TelemetryHub.Broker.Operation;
using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Mqtt;
using static TelemetryHub.Mqtt.Properties.PropertyId;

namespace TelemetryHub.Broker.Tests.Delivery;

public class MessageExpiryTests
{
    [Fact]
    public async Task A_message_that_waited_is_forwarded_with_the_time_that_is_left()
    {
        await using var broker = TestBroker.Start();
        var subscriber = await broker.ConnectAsync("s", props: new() { { SessionExpiryInterval, 600 } });
        await subscriber.SubscribeAsync(new Filter("t", QoS: 1));
        await broker.LeaveAsync(subscriber);
        var publisher = await broker.ConnectAsync("p");
        await publisher.PublishAckedAsync("t", "hello", props: new() { { MessageExpiryInterval, 60 } });
        broker.Time.AdvanceSeconds(25);
        subscriber = await broker.ConnectAsync("s", clean: false, present: true);
        await subscriber.ExpectAsync("PUBLISH t=hello q1 id=1 {MessageExpiryInterval=35}");
    }

    [Fact]
    public async Task A_message_that_is_delivered_at_once_keeps_its_expiry()
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("t");
        client.Publish("t", "hello", props: new() { { MessageExpiryInterval, 60 } });
        await client.ExpectAsync("PUBLISH t=hello q0 {MessageExpiryInterval=60}");
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_message_that_expired_while_it_waited_is_dropped_and_counted(MqttVersion version)
    {
        await using var broker = TestBroker.Start();
        var props = version == MqttVersion.V5 ? new Props { { SessionExpiryInterval, 600 } } : null;
        var subscriber = await broker.ConnectAsync("s", version, clean: false, props: props);
        await subscriber.SubscribeAsync(new Filter("t", QoS: 1));
        await broker.LeaveAsync(subscriber);
        var publisher = await broker.ConnectAsync("p");
        await publisher.PublishAckedAsync("t", "old", props: new() { { MessageExpiryInterval, 10 } });
        await publisher.PublishAckedAsync("t", "new");
        broker.Time.AdvanceSeconds(10);
        subscriber = await broker.ConnectAsync("s", version, clean: false, present: true);
        await subscriber.ExpectAsync("PUBLISH t=new q1 id=2");
        await subscriber.ExpectNothingAsync();
        broker.Broker.Statistics.Dropped(DropReason.Expired).ShouldBe(1);
    }
}
