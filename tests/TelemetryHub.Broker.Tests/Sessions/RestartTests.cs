using TelemetryHub.Broker.Operation;
using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Mqtt;
using static TelemetryHub.Mqtt.Properties.PropertyId;

namespace TelemetryHub.Broker.Tests.Sessions;

public class RestartTests
{
    private static readonly Props Kept = new() { { SessionExpiryInterval, 600 } };

    [Fact]
    public async Task Subscriptions_and_queued_messages_survive_a_crash()
    {
        await using var before = TestBroker.Start(log: new KeepingLog());
        var client = await before.ConnectAsync("a", props: Kept);
        await client.SubscribeAsync(new Filter("t/#", QoS: 1), new Filter("gone", QoS: 1), new Filter("zero"));
        await client.UnsubscribeAsync(2, "gone");
        await before.LeaveAsync(client);
        var publisher = await before.ConnectAsync("p");
        foreach (var topic in new[] { "t/1", "gone", "zero", "t/2" })
            await publisher.PublishAckedAsync(topic, "before");

        await using var after = TestBroker.StartAfter(before);
        after.Router.SubscriptionCount.ShouldBe(2);
        publisher = await after.ConnectAsync("p");
        await publisher.PublishAckedAsync("t/3", "after");
        client = await after.ConnectAsync("a", clean: false, present: true, props: Kept);
        await client.ExpectAsync("PUBLISH t/1=before q1 id=1", "PUBLISH t/2=before q1 id=2", "PUBLISH t/3=after q1 id=3");
        publisher.Publish("zero", "live");
        await client.ExpectAsync("PUBLISH zero=live q0");
    }

    [Fact]
    public async Task A_session_that_ends_with_its_connection_is_gone_after_a_crash()
    {
        await using var before = TestBroker.Start(log: new KeepingLog());
        var client = await before.ConnectAsync("a");
        await client.SubscribeAsync("t");
        var leaving = await before.ConnectAsync("b", props: Kept);
        await before.LeaveAsync(leaving, props: new() { { SessionExpiryInterval, 0 } });
        await using var after = TestBroker.StartAfter(before);
        after.Broker.SessionCount.ShouldBe(0);
        after.Router.SubscriptionCount.ShouldBe(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_on_its_way_goes_on_at_its_step_under_its_id(bool saidGoodbye)
    {
        await using var before = TestBroker.Start(log: new KeepingLog());
        var client = await before.ConnectAsync("a", props: Kept);
        await client.SubscribeAsync(new Filter("t", QoS: 2));
        await PublishAsync(before, (1, 1), (2, 1), (3, 2), (4, 2), (5, 2));
        for (var i = 1; i <= 5; i++)
            (await client.ReceiveAsync()).PacketId.ShouldBe((ushort)i);
        client.Ack(PacketType.PubAck, 2);
        client.Ack(PacketType.PubRec, 3);
        client.Ack(PacketType.PubRec, 4);
        await client.ExpectAsync("PUBREL id=3", "PUBREL id=4");
        client.Ack(PacketType.PubComp, 3);
        await client.PingAsync();
        if (saidGoodbye)
            await before.LeaveAsync(client);

        await using var after = TestBroker.StartAfter(before);
        client = await after.ConnectAsync("a", clean: false, present: true, props: Kept);
        await client.ExpectAsync("PUBLISH t=1 q1 id=1 dup", "PUBREL id=4", "PUBLISH t=5 q2 id=5 dup");
        client.Ack(PacketType.PubComp, 4);
        client.Ack(PacketType.PubRec, 5);
        await client.ExpectAsync("PUBREL id=5");
        await PublishAsync(after, (6, 1));
        await client.ExpectAsync("PUBLISH t=6 q1 id=6");
    }

    [Fact]
    public async Task What_was_sent_is_told_from_what_was_not_after_a_goodbye()
    {
        await using var before = TestBroker.Start(new() { MaxInflight = 1 }, new KeepingLog());
        var client = await before.ConnectAsync("a", props: Kept);
        await client.SubscribeAsync(new Filter("t", QoS: 1));
        await PublishAsync(before, (1, 1), (2, 1));
        await client.ExpectAsync("PUBLISH t=1 q1 id=1");
        await before.LeaveAsync(client);
        await using var after = TestBroker.StartAfter(before);
        client = await after.ConnectAsync("a", clean: false, present: true, props: Kept);
        await client.ExpectAsync("PUBLISH t=1 q1 id=1 dup", "PUBLISH t=2 q1 id=2");
    }

    [Fact]
    public async Task A_publish_with_qos_2_is_taken_once_across_a_crash()
    {
        await using var before = TestBroker.Start(log: new KeepingLog());
        var publisher = await before.ConnectAsync("p", props: Kept);
        publisher.Publish("t", "1", qos: 2, id: 1);
        publisher.Publish("t", "2", qos: 2, id: 2);
        await publisher.ExpectAsync("PUBREC id=1 0x10", "PUBREC id=2 0x10");
        publisher.Ack(PacketType.PubRel, 2);
        await publisher.ExpectAsync("PUBCOMP id=2");

        await using var after = TestBroker.StartAfter(before);
        var subscriber = await after.ConnectAsync("s");
        await subscriber.SubscribeAsync("t");
        publisher = await after.ConnectAsync("p", clean: false, present: true, props: Kept);
        publisher.Publish("t", "1", qos: 2, id: 1, dup: true);
        publisher.Publish("t", "3", qos: 2, id: 2);
        await publisher.ExpectAsync("PUBREC id=1", "PUBREC id=2");
        publisher.Ack(PacketType.PubRel, 1);
        publisher.Ack(PacketType.PubRel, 2);
        await publisher.ExpectAsync("PUBCOMP id=1", "PUBCOMP id=2");
        await subscriber.ExpectAsync("PUBLISH t=3 q0");
        await subscriber.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task What_the_log_routes_again_is_queued_once(long routedUpTo)
    {
        await using var before = TestBroker.Start(log: new KeepingLog());
        await PublishAsync(before, (0, 1));
        var client = await before.ConnectAsync("a", props: Kept);
        await client.SubscribeAsync(new Filter("t", QoS: 1), new Filter("$share/g/t", QoS: 1));
        await PublishAsync(before, (1, 1), (2, 1), (3, 1));
        await client.ExpectAsync("PUBLISH t=1 q1 id=1", "PUBLISH t=1 q1 id=2");
        client.Ack(PacketType.PubAck, 1);
        await client.ExpectAsync("PUBLISH t=2 q1 id=3", "PUBLISH t=2 q1 id=4", "PUBLISH t=3 q1 id=5", "PUBLISH t=3 q1 id=6");
        client.Ack(PacketType.PubAck, 6);
        await client.PingAsync();

        await using var after = TestBroker.StartAfter(before, routedUpTo: routedUpTo);
        client = await after.ConnectAsync("a", clean: false, present: true, props: Kept);
        await client.ExpectAsync("PUBLISH t=1 q1 id=2 dup", "PUBLISH t=2 q1 id=3 dup", "PUBLISH t=2 q1 id=4 dup", "PUBLISH t=3 q1 id=5 dup");
        await PublishAsync(after, (4, 1));
        await client.ExpectAsync("PUBLISH t=4 q1 id=7", "PUBLISH t=4 q1 id=8");
    }

    [Fact]
    public async Task What_was_kept_and_not_routed_before_the_crash_is_routed_after_it()
    {
        var log = new KeepingLog();
        await using var before = TestBroker.Start(log: log);
        var client = await before.ConnectAsync("a", props: Kept);
        await client.SubscribeAsync(new Filter("t", QoS: 1));
        var (appends, sequence) = (log.AppendCount, log.Next);
        await PublishAsync(before, (1, 1));
        await using var after = TestBroker.StartAfter(before, routedUpTo: sequence, appends: appends + 1); // the event, not the record of its delivery
        client = await after.ConnectAsync("a", clean: false, present: true, props: Kept);
        await client.ExpectAsync("PUBLISH t=1 q1 id=1");
    }

    [Fact]
    public async Task A_session_expires_while_the_hub_is_down()
    {
        await using var before = TestBroker.Start(log: new KeepingLog());
        var left = await before.ConnectAsync("left", props: Kept);
        await left.SubscribeAsync("t");
        await before.LeaveAsync(left);
        before.Time.AdvanceSeconds(100);
        var here = await before.ConnectAsync("here", props: Kept);
        await here.SubscribeAsync("t");

        await using var after = TestBroker.StartAfter(before, downSeconds: 500);
        after.Broker.SessionCount.ShouldBe(1);
        after.Router.SubscriptionCount.ShouldBe(1);
        after.Time.AdvanceSeconds(99);
        after.Broker.SessionCount.ShouldBe(1);
        after.Time.AdvanceSeconds(2);
        after.Broker.SessionCount.ShouldBe(0);
        await using var afterwards = TestBroker.StartAfter(after);
        afterwards.Broker.SessionCount.ShouldBe(0);
        await afterwards.ConnectAsync("left", clean: false, present: false);
    }

    [Fact]
    public async Task Retained_messages_survive_and_so_do_those_that_wait_in_a_queue()
    {
        await using var before = TestBroker.Start(new() { MaxInflight = 1 }, new KeepingLog());
        var publisher = await before.ConnectAsync("p");
        await publisher.PublishAckedAsync("t/1", "old", retain: true);
        await publisher.PublishAckedAsync("t/2", "gone", retain: true);
        var client = await before.ConnectAsync("a", props: Kept);
        await client.SubscribeAsync(new Filter("t/1", QoS: 1), new Filter("t/2", QoS: 1));
        await publisher.PublishAckedAsync("t/2", "", retain: true);
        ((KeepingLog)before.Log).DropBelow(before.Log.Next);

        await using var after = TestBroker.StartAfter(before);
        after.Router.RetainedCount.ShouldBe(1);
        client = await after.ConnectAsync("a", clean: false, present: true, props: Kept);
        await client.ExpectAsync("PUBLISH t/1=old q1 id=1 dup retain", "PUBLISH t/2=gone q1 id=2 retain");
        after.Broker.Statistics.Dropped(DropReason.NotKept).ShouldBe(1); // the clearing message itself
    }

    [Fact]
    public async Task The_rules_are_asked_again_about_subscriptions()
    {
        await using var before = TestBroker.Start(log: new KeepingLog());
        var client = await before.ConnectAsync("a", props: Kept);
        await client.SubscribeAsync("open", "secret");
        await using var after = TestBroker.StartAfter(before, rules: access => access.Subscribe = (_, filter) => filter != "secret");
        after.Router.SubscriptionCount.ShouldBe(1);
        await using var afterwards = TestBroker.StartAfter(after);
        afterwards.Router.SubscriptionCount.ShouldBe(1);
    }

    [Fact]
    public async Task A_session_is_the_same_after_any_number_of_crashes()
    {
        var broker = TestBroker.Start(new() { MaxInflight = 1000 }, new KeepingLog());
        var client = await broker.ConnectAsync("a", props: Kept);
        await client.SubscribeAsync(new Filter("t", QoS: 1));
        for (var round = 1; round <= 5; round++)
        {
            await PublishAsync(broker, (round, 1));
            var next = TestBroker.StartAfter(broker, downSeconds: 1);
            await broker.DisposeAsync();
            broker = next;
        }
        client = await broker.ConnectAsync("a", clean: false, present: true, props: Kept);
        for (var round = 1; round <= 5; round++)
            (await client.ReceiveAsync()).ToString().ShouldStartWith($"PUBLISH t={round} q1 id={round}");
        await broker.DisposeAsync();
    }

    [Fact]
    public async Task A_shared_subscription_goes_on_and_an_expired_member_leaves_its_messages_to_the_others()
    {
        await using var before = TestBroker.Start(log: new KeepingLog());
        var brief = await before.ConnectAsync("brief", props: new() { { SessionExpiryInterval, 10 } });
        await brief.SubscribeAsync(new Filter("$share/g/t", QoS: 1));
        await before.LeaveAsync(brief);
        await PublishAsync(before, (1, 1), (2, 1));
        var other = await before.ConnectAsync("other", props: Kept);
        await other.SubscribeAsync(new Filter("$share/g/t", QoS: 1));
        await using var after = TestBroker.StartAfter(before, downSeconds: 60);
        other = await after.ConnectAsync("other", clean: false, present: true, props: Kept);
        await other.ExpectAsync("PUBLISH t=1 q1 id=1", "PUBLISH t=2 q1 id=2");
    }

    private static async Task PublishAsync(TestBroker broker, params (int Number, int QoS)[] messages)
    {
        var publisher = await broker.ConnectAsync("publisher", MqttVersion.V311);
        foreach (var (number, qos) in messages)
        {
            publisher.Publish("t", $"{number}", qos, id: 1 + number);
            await publisher.ReceiveAsync();
        }
        await broker.LeaveAsync(publisher);
    }
}
