using TelemetryHub.Broker.Operation;
using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Broker.Tests.Limits;

public class RateLimitTests
{
    [Fact]
    public async Task Who_publishes_faster_than_allowed_is_read_more_slowly_and_loses_nothing()
    {
        await using var broker = TestBroker.Start(new() { MessageRate = 10 });
        var subscriber = await broker.ConnectAsync("s");
        await subscriber.SubscribeAsync("t");
        var publisher = await broker.ConnectAsync("p");
        publisher.Send([.. Enumerable.Repeat(WireWriter.Publish(MqttVersion.V5, "t", "x"u8, 0, 0, false, false, null), 15).SelectMany(bytes => bytes)]);
        for (var i = 1; i <= 15; i++)
            await subscriber.ExpectAsync("PUBLISH t=x q0");
        publisher.Publish("t", "held back");
        await subscriber.ExpectNothingAsync();
        broker.Time.AdvanceSeconds(0.4);
        await subscriber.ExpectNothingAsync();
        broker.Time.AdvanceSeconds(0.2);
        await subscriber.ExpectAsync("PUBLISH t=held back q0");
    }

    [Fact]
    public async Task Who_sends_more_bytes_than_allowed_is_read_more_slowly()
    {
        await using var broker = TestBroker.Start(new() { ByteRate = 1000 });
        var subscriber = await broker.ConnectAsync("s");
        await subscriber.SubscribeAsync("t");
        var publisher = await broker.ConnectAsync("p");
        publisher.Publish("t", new string('x', 3000));
        (await subscriber.ReceiveAsync()).Payload.Length.ShouldBe(3000);
        publisher.Publish("t", "held back");
        broker.Time.AdvanceSeconds(1.9);
        await subscriber.ExpectNothingAsync();
        broker.Time.AdvanceSeconds(0.2);
        await subscriber.ExpectAsync("PUBLISH t=held back q0");
    }

    [Fact]
    public async Task A_client_within_its_rate_is_not_held_back()
    {
        await using var broker = TestBroker.Start(new() { MessageRate = 2 });
        var client = await broker.ConnectAsync("a");
        for (var i = 0; i < 10; i++)
        {
            await client.PublishAckedAsync("t");
            broker.Time.AdvanceSeconds(0.5);
        }
    }

    [Fact]
    public async Task Being_held_back_is_no_silence()
    {
        await using var broker = TestBroker.Start(new() { MessageRate = 1 });
        var client = broker.Open();
        await client.ConnectAsync("a", keepAlive: 1);
        client.Send([.. Enumerable.Repeat(WireWriter.Publish(MqttVersion.V5, "t", default, 0, 0, false, false, null), 10).SelectMany(bytes => bytes)]);
        await broker.SettleAsync();
        for (var i = 0; i < 10; i++)
            broker.Time.AdvanceSeconds(1);
        await client.PingAsync();
        broker.Broker.Statistics.Ended(DisconnectCause.KeepAliveTimeout).ShouldBe(0);
    }
}
