using TelemetryHub.Broker.Operation;
using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Mqtt;
using static TelemetryHub.Mqtt.Properties.PropertyId;

namespace TelemetryHub.Broker.Tests.Operation;

public class DrainTests
{
    [Theory]
    [InlineData("", "DISCONNECT 0x8B")]
    [InlineData("other:1883", "DISCONNECT 0x9C {ServerReference=other:1883}")]
    public async Task Draining_sends_everybody_away_with_the_reason(string reference, string farewell)
    {
        await using var broker = TestBroker.Start(new() { ServerReference = reference });
        var five = await broker.ConnectAsync("five");
        var three = await broker.ConnectAsync("three", MqttVersion.V311);
        var silent = broker.Open();
        await broker.SettleAsync();
        await broker.Broker.DrainAsync(TestContext.Current.CancellationToken);
        broker.Broker.ConnectionCount.ShouldBe(0);
        await five.ExpectAsync(farewell);
        await five.ExpectClosedAsync();
        await three.ExpectClosedAsync();
        await silent.ExpectClosedAsync();
        broker.Broker.Statistics.Ended(DisconnectCause.Shutdown).ShouldBe(3);
    }

    [Fact]
    public async Task Draining_waits_no_longer_than_it_may()
    {
        await using var broker = TestBroker.Start();
        var stuck = await broker.ConnectAsync("stuck");
        await stuck.SubscribeAsync("t");
        var publisher = await broker.ConnectAsync("p");
        for (var i = 0; i < 30; i++)
            await publisher.PublishAckedAsync("t", new string('x', 500_000));
        using var over = new CancellationTokenSource();
        var drained = broker.Broker.DrainAsync(over.Token);
        await publisher.ExpectAsync("DISCONNECT 0x8B");
        drained.IsCompleted.ShouldBeFalse();
        await over.CancelAsync();
        await drained;
        broker.Broker.ConnectionCount.ShouldBe(1);
    }

    [Fact]
    public async Task Sessions_and_wills_take_a_drain_like_any_other_end()
    {
        await using var broker = TestBroker.Start();
        await broker.ConnectAsync("a", props: new() { { SessionExpiryInterval, 60 } }, will: new("will", "gone", Retain: true));
        await broker.Broker.DrainAsync(TestContext.Current.CancellationToken);
        broker.Broker.SessionCount.ShouldBe(1);
        broker.Router.RetainedCount.ShouldBe(1);
    }
}
