using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Mqtt;
using static TelemetryHub.Mqtt.Properties.PropertyId;

namespace TelemetryHub.Broker.Tests.Recovery;

public class RestoredDetailTests
{
    private static readonly Props Kept = new() { { SessionExpiryInterval, 600 } };

    [Fact]
    public async Task Subscriptions_are_as_they_were_with_their_options()
    {
        await using var first = TestBroker.Start(log: new KeepingLog());
        var client = await first.ConnectAsync("s", props: Kept);
        await client.AskSubscribeAsync(1, new() { { SubscriptionIdentifier, 9 } }, new Filter("own", QoS: 1, NoLocal: true), new Filter("flag", QoS: 1, RetainAsPublished: true));
        await client.SubscribeAsync(new Filter("gone", QoS: 1), new Filter("changed", QoS: 2));
        await client.SubscribeAsync(new Filter("changed", QoS: 0));
        await client.UnsubscribeAsync(2, "gone");

        await using var second = TestBroker.StartAfter(first);
        var back = await ReturnAsync(second, "s");
        var other = await second.ConnectAsync("p");
        back.Publish("own", "mine");
        foreach (var topic in (string[])["own", "gone", "changed"])
            await other.PublishAckedAsync(topic, "x");
        await other.PublishAckedAsync("flag", "x", retain: true);
        await back.ExpectInAnyOrderAsync("PUBLISH own=x q1 id=1 {SubscriptionIdentifier=9}", "PUBLISH changed=x q0", "PUBLISH flag=x q1 id=2 retain {SubscriptionIdentifier=9}");
        await back.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_retained_message_that_waits_for_a_new_subscriber_is_the_one_it_was()
    {
        await using var first = TestBroker.Start(log: new KeepingLog());
        var publisher = await first.ConnectAsync("p");
        await publisher.PublishAckedAsync("t", "old", retain: true);
        var client = await first.ConnectAsync("s", props: new() { { SessionExpiryInterval, 600 }, { ReceiveMaximum, 1 } });
        await client.SubscribeAsync(new Filter("block", QoS: 1));
        await publisher.PublishAckedAsync("block");
        await client.ExpectAsync("PUBLISH block= q1 id=1");
        await client.SubscribeAsync(new Filter("t", QoS: 1));
        await publisher.PublishAckedAsync("t", "", retain: true);
        ((KeepingLog)first.Log).DropBelow(first.Log.Next);

        await using var second = TestBroker.StartAfter(first);
        var back = await ReturnAsync(second, "s");
        await back.ExpectAsync("PUBLISH t=old q1 id=2 retain");
        await back.ExpectNothingAsync();
    }

    [Fact]
    public async Task Retained_messages_are_there_for_a_new_subscriber_and_not_again_for_a_restored_one()
    {
        await using var first = TestBroker.Start(log: new KeepingLog());
        var client = await first.ConnectAsync("s", props: Kept);
        await client.SubscribeAsync(new Filter("t/+", QoS: 1));
        var publisher = await first.ConnectAsync("p");
        await publisher.PublishAckedAsync("t/1", "one", retain: true);
        await publisher.PublishAckedAsync("t/2", "two", retain: true);
        await publisher.PublishAckedAsync("t/2", "", retain: true);
        foreach (var (text, id) in (List<(string, int)>)[("t/1=one", 1), ("t/2=two", 2), ("t/2=", 3)])
        {
            await client.ExpectAsync($"PUBLISH {text} q1 id={id}");
            client.Ack(PacketType.PubAck, id);
        }
        await client.PingAsync();

        await using var second = TestBroker.StartAfter(first);
        await (await ReturnAsync(second, "s")).ExpectNothingAsync();
        var fresh = await second.ConnectAsync("fresh");
        await fresh.SubscribeAsync("t/+");
        await fresh.ExpectAsync("PUBLISH t/1=one q0 retain");
        await fresh.ExpectNothingAsync();
    }

    [Fact]
    public async Task What_is_left_of_the_expiry_goes_on_after_the_restart()
    {
        await using var first = TestBroker.Start(log: new KeepingLog());
        await first.LeaveAsync(await first.ConnectAsync("s", props: new() { { SessionExpiryInterval, 100 } }));

        await using var second = TestBroker.StartAfter(first, downSeconds: 60);
        second.Time.AdvanceSeconds(30);
        second.Broker.SessionCount.ShouldBe(1);
        second.Time.AdvanceSeconds(11);
        second.Broker.SessionCount.ShouldBe(0);
    }

    [Fact]
    public async Task The_expiry_of_a_client_that_was_there_at_the_crash_counts_from_then_through_any_number_of_restarts()
    {
        await using var first = TestBroker.Start(log: new KeepingLog());
        await first.ConnectAsync("s", props: new() { { SessionExpiryInterval, 100 } });

        await using var second = TestBroker.StartAfter(first, downSeconds: 60);
        second.Time.AdvanceSeconds(30);
        await using var third = TestBroker.StartAfter(second, downSeconds: 5);
        third.Broker.SessionCount.ShouldBe(1);
        await using var fourth = TestBroker.StartAfter(third, downSeconds: 10);
        await fourth.ConnectAsync("s", clean: false, present: false, props: Kept);
    }

    [Fact]
    public async Task A_session_that_was_replaced_or_ended_does_not_come_back()
    {
        await using var first = TestBroker.Start(log: new KeepingLog());
        var old = await first.ConnectAsync("s", props: Kept);
        await old.SubscribeAsync(new Filter("old", QoS: 1));
        await first.ConnectAsync("s", clean: true, props: Kept);
        await first.LeaveAsync(await first.ConnectAsync("ended", props: Kept), props: new() { { SessionExpiryInterval, 0 } });
        await first.ConnectAsync("passing");

        await using var second = TestBroker.StartAfter(first);
        second.Broker.SessionCount.ShouldBe(1);
        second.Router.SubscriptionCount.ShouldBe(0);
        await ReturnAsync(second, "s");
    }

    [Fact]
    public async Task A_message_that_expired_while_the_hub_was_down_is_not_delivered()
    {
        await using var first = TestBroker.Start(log: new KeepingLog());
        var away = await first.ConnectAsync("s", props: Kept);
        await away.SubscribeAsync(new Filter("t", QoS: 1));
        await first.LeaveAsync(away);
        var publisher = await first.ConnectAsync("p");
        await publisher.PublishAckedAsync("t", "short", props: new() { { MessageExpiryInterval, 10 } });
        await publisher.PublishAckedAsync("t", "long", props: new() { { MessageExpiryInterval, 100 } });

        await using var second = TestBroker.StartAfter(first, downSeconds: 30);
        var back = await ReturnAsync(second, "s");
        await back.ExpectAsync("PUBLISH t=long q1 id=2 {MessageExpiryInterval=70}");
        await back.ExpectNothingAsync();
    }

    private static Task<WireClient> ReturnAsync(TestBroker broker, string clientId) =>
        broker.ConnectAsync(clientId, clean: false, present: true, props: Kept);
}
