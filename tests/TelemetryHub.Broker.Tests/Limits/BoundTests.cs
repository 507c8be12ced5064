using TelemetryHub.Broker.Operation;
using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Mqtt;
using static TelemetryHub.Mqtt.Properties.PropertyId;

namespace TelemetryHub.Broker.Tests.Limits;

/// <summary>What one client could otherwise make the hub keep, or do, without end.</summary>
public class BoundTests
{
    [Fact]
    public async Task A_filter_that_a_subscribe_repeats_brings_its_retained_messages_once()
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a");
        await client.PublishAckedAsync("t", "kept", retain: true);
        (await client.AskSubscribeAsync(1, null, [.. Enumerable.Repeat(new Filter("#"), 500)])).ToString().ShouldStartWith("SUBACK");
        await client.ExpectAsync("PUBLISH t=kept q0 retain");
        await client.ExpectNothingAsync();
        broker.Router.SubscriptionCount.ShouldBe(1);
    }

    [Fact]
    public async Task A_subscribe_is_answered_while_what_it_asks_for_fits_the_queue()
    {
        await using var broker = TestBroker.Start(new() { MaxQueuedMessages = 2 });
        var client = await broker.ConnectAsync("a");
        await client.PublishAckedAsync("t/1", "x", retain: true);
        await client.PublishAckedAsync("t/2", "x", retain: true);
        var answer = await client.AskSubscribeAsync(1, null, "t/#", "t/+");
        answer.ToString().ShouldBe("SUBACK id=1 00 97");
    }

    [Fact]
    public async Task A_subscribe_with_more_filters_than_a_client_may_have_is_refused_for_the_rest()
    {
        await using var broker = TestBroker.Start(new() { MaxSubscriptionsPerClient = 2 });
        var client = await broker.ConnectAsync("a");
        (await client.AskSubscribeAsync(1, null, "a", "a", "a")).ToString().ShouldBe("SUBACK id=1 00 00 97");
    }

    [Fact]
    public async Task More_sessions_than_allowed_are_refused_and_a_known_one_is_not()
    {
        await using var broker = TestBroker.Start(new() { MaxSessions = 1 });
        var known = await broker.ConnectAsync("a", props: new() { { SessionExpiryInterval, 60 } });
        var refused = broker.Open();
        refused.SendConnect("b");
        await refused.ExpectAsync("CONNACK 0x97");
        await refused.ExpectClosedAsync();
        await broker.ConnectAsync("a", clean: false, present: true);
        await known.ExpectAsync("DISCONNECT 0x8E");
        broker.Broker.Statistics.Ended(DisconnectCause.ConnectionLimit).ShouldBe(1);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_client_id_that_is_too_long_is_refused(MqttVersion version)
    {
        await using var broker = TestBroker.Start(new() { MaxClientIdBytes = 23 });
        await broker.ConnectAsync(new string('x', 23), version);
        var refused = broker.Open(version);
        refused.SendConnect(new string('x', 24), props: version == MqttVersion.V5 ? new() { { RequestResponseInformation, 1 } } : null);
        await refused.ExpectAsync("CONNACK 0x85");
        await refused.ExpectClosedAsync();
    }

    [Fact]
    public async Task A_retained_will_counts_against_the_room_for_retained_messages()
    {
        await using var broker = TestBroker.Start(new() { MaxRetainedBytes = 1024 });
        var watcher = await broker.ConnectAsync("watcher");
        await watcher.SubscribeAsync("will/#");
        (await broker.ConnectAsync("a", will: new("will/a", new string('x', 2000), Retain: true))).Reset();
        (await watcher.ReceiveAsync()).ToString().ShouldStartWith("PUBLISH will/a=");
        (await broker.ConnectAsync("b", will: new("will/b", "x", Retain: true))).Reset();
        await watcher.ExpectNothingAsync();
        await broker.SettleAsync();
        broker.Router.RetainedCount.ShouldBe(1);
        broker.Broker.Statistics.Dropped(DropReason.RetainedFull).ShouldBe(1);
    }
}
