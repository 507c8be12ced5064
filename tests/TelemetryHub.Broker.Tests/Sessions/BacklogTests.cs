using TelemetryHub.Broker.Operation;
using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Mqtt;
using static TelemetryHub.Mqtt.Properties.PropertyId;

namespace TelemetryHub.Broker.Tests.Sessions;

public class BacklogTests
{
    private static readonly Props Kept = new() { { SessionExpiryInterval, 600 } };

    [Theory]
    [InlineData(1, 7)]
    [InlineData(2, 1)]
    [InlineData(1, 1000)]
    public async Task A_subscriber_that_falls_behind_gets_everything_from_the_log(int qos, int window)
    {
        const int Count = 3000;
        var log = new KeepingLog();
        await using var broker = TestBroker.Start(new() { MaxInflight = window, MaxQueuedBytes = 1024 }, log);
        var slow = await broker.ConnectAsync("slow", MqttVersion.V311);
        await slow.SubscribeAsync(new Filter("t", qos));
        await PublishAsync(broker, qos, Enumerable.Range(1, Count));
        for (var i = 1; i <= Count; i++)
            await TakeAsync(slow, i, qos, id: i);
        log.ReadCount.ShouldBeGreaterThan(0);
        log.LargestRead.ShouldBeLessThanOrEqualTo(256);
        broker.Broker.Statistics.DroppedInAll.ShouldBe(0);
    }

    [Fact]
    public async Task A_client_that_was_away_gets_what_it_had_not_acknowledged_and_then_everything_else()
    {
        const int Count = 2000;
        await using var broker = TestBroker.Start(new() { MaxInflight = 3 }, new KeepingLog());
        var client = await broker.ConnectAsync("a", props: Kept);
        await client.SubscribeAsync(new Filter("t", QoS: 1));
        await PublishAsync(broker, 1, Enumerable.Range(1, 5));
        await client.ExpectAsync("PUBLISH t=1 q1 id=1", "PUBLISH t=2 q1 id=2", "PUBLISH t=3 q1 id=3");
        client.Ack(PacketType.PubAck, 2);
        await client.ExpectAsync("PUBLISH t=4 q1 id=4");
        await broker.VanishAsync(client);
        await PublishAsync(broker, 1, Enumerable.Range(6, Count - 5));

        client = await broker.ConnectAsync("a", clean: false, present: true, props: Kept);
        await client.ExpectAsync("PUBLISH t=1 q1 id=1 dup", "PUBLISH t=3 q1 id=3 dup", "PUBLISH t=4 q1 id=4 dup");
        foreach (var id in new[] { 1, 3, 4 })
            client.Ack(PacketType.PubAck, id);
        for (var i = 5; i <= Count; i++)
            await TakeAsync(client, i, 1, id: i);
    }

    [Fact]
    public async Task Exactly_once_goes_on_at_its_step_when_the_event_is_only_in_the_log()
    {
        await using var broker = TestBroker.Start(log: new KeepingLog());
        var client = await broker.ConnectAsync("a", props: Kept);
        await client.SubscribeAsync(new Filter("t", QoS: 2));
        await PublishAsync(broker, 2, [1, 2]);
        await client.ExpectAsync("PUBLISH t=1 q2 id=1", "PUBLISH t=2 q2 id=2");
        client.Ack(PacketType.PubRec, 1);
        await client.ExpectAsync("PUBREL id=1");
        await broker.VanishAsync(client);
        await PublishAsync(broker, 0, Enumerable.Range(3, 10));

        client = await broker.ConnectAsync("a", clean: false, present: true, props: Kept);
        await client.ExpectAsync("PUBREL id=1", "PUBLISH t=2 q2 id=2 dup");
        client.Ack(PacketType.PubRec, 2);
        await client.ExpectAsync("PUBREL id=2");
    }

    [Fact]
    public async Task Retained_messages_wait_even_when_the_log_has_dropped_them()
    {
        const int Count = 700; // more than the front of a queue holds
        var log = new KeepingLog();
        await using var broker = TestBroker.Start(new() { MaxInflight = 2 }, log);
        var publisher = await broker.ConnectAsync("p");
        for (var i = 1; i <= Count; i++)
            await publisher.PublishAckedAsync($"t/{i}", $"{i}", retain: true);
        log.DropBelow(log.Next);
        var client = await broker.ConnectAsync("a", props: Kept);
        await client.SubscribeAsync(new Filter("t/#", QoS: 1));
        await broker.VanishAsync(client);
        client = await broker.ConnectAsync("a", clean: false, present: true, props: Kept);
        HashSet<string> payloads = [];
        for (var i = 1; i <= Count; i++)
        {
            payloads.Add((await client.ReceiveAsync()).Text);
            client.Ack(PacketType.PubAck, i);
        }
        payloads.Count.ShouldBe(Count);
        log.ReadCount.ShouldBe(0);
    }

    [Fact]
    public async Task What_retention_takes_is_dropped_from_the_queues_counted_and_told_in_one_line()
    {
        var log = new KeepingLog();
        await using var broker = TestBroker.Start(new() { MaxInflight = 1 }, log);
        foreach (var name in new[] { "a", "b" })
        {
            var client = await broker.ConnectAsync(name, props: Kept);
            await client.SubscribeAsync(new Filter("t", QoS: 1));
            await broker.VanishAsync(client);
        }
        await PublishAsync(broker, 1, Enumerable.Range(1, 1000));
        log.DropBelow(log.Next - 10);
        broker.Time.AdvanceSeconds(1);
        broker.Broker.Statistics.Dropped(DropReason.NotKept).ShouldBe(2 * 990);
        broker.Logger.At(Microsoft.Extensions.Logging.LogLevel.Warning).ShouldHaveSingleItem().ShouldStartWith("Retention took 1980 queued messages of 2 sessions");
        var back = await broker.ConnectAsync("a", clean: false, present: true);
        for (var i = 991; i <= 1000; i++)
            await TakeAsync(back, i, 1, id: i);
        await back.ExpectNothingAsync();
    }

    [Fact]
    public async Task What_the_log_cannot_give_back_is_left_out_and_counted()
    {
        var log = new KeepingLog();
        await using var broker = TestBroker.Start(new() { MaxInflight = 2 }, log);
        var client = await broker.ConnectAsync("a", props: Kept);
        await client.SubscribeAsync(new Filter("t", QoS: 1));
        await PublishAsync(broker, 1, [1, 2]);
        await client.ExpectAsync("PUBLISH t=1 q1 id=1", "PUBLISH t=2 q1 id=2");
        await broker.VanishAsync(client);
        await PublishAsync(broker, 1, Enumerable.Range(3, 8));
        log.Lose(1);
        log.Lose(4);
        client = await broker.ConnectAsync("a", clean: false, present: true, props: Kept);
        await client.ExpectAsync("PUBLISH t=2 q1 id=2 dup", "PUBLISH t=3 q1 id=3");
        client.Ack(PacketType.PubAck, 2);
        await client.ExpectAsync("PUBLISH t=5 q1 id=5");
        broker.Broker.Statistics.Dropped(DropReason.NotKept).ShouldBe(2);
    }

    [Fact]
    public async Task A_page_that_comes_when_the_client_has_gone_or_come_back_does_no_harm()
    {
        var log = new KeepingLog();
        await using var broker = TestBroker.Start(new() { MaxInflight = 2 }, log);
        var client = await broker.ConnectAsync("a", props: Kept);
        await client.SubscribeAsync(new Filter("t", QoS: 1));
        await broker.VanishAsync(client);
        await PublishAsync(broker, 1, Enumerable.Range(1, 20));
        using (log.HoldReads())
        {
            client = await broker.ConnectAsync("a", clean: false, present: true, props: Kept);
            await log.ReadAskedAsync();
            await broker.VanishAsync(client);
            client = await broker.ConnectAsync("a", clean: false, present: true, props: Kept);
            await client.ExpectNothingAsync();
        }
        for (var i = 1; i <= 20; i++)
            await TakeAsync(client, i, 1, id: i);
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task Qos_0_does_not_wait_for_what_is_read_back()
    {
        var log = new KeepingLog();
        await using var broker = TestBroker.Start(log: log);
        var client = await broker.ConnectAsync("a", props: Kept);
        await client.SubscribeAsync(new Filter("t", QoS: 1));
        await broker.VanishAsync(client);
        await PublishAsync(broker, 1, Enumerable.Range(1, 10));
        using (log.HoldReads())
        {
            client = await broker.ConnectAsync("a", clean: false, present: true);
            await log.ReadAskedAsync();
            client.Publish("t", "now");
            await client.ExpectAsync("PUBLISH t=now q0");
        }
        await client.ExpectAsync("PUBLISH t=1 q1 id=1");
    }

    [Fact]
    public async Task What_a_member_of_a_shared_subscription_leaves_is_read_back_for_the_others()
    {
        const int Count = 600;
        await using var broker = TestBroker.Start(new() { MaxInflight = 1 }, new KeepingLog());
        var leaving = await broker.ConnectAsync("leaving", props: Kept);
        await leaving.SubscribeAsync(new Filter("$share/g/t", QoS: 1));
        await PublishAsync(broker, 1, Enumerable.Range(1, Count));
        await leaving.ExpectAsync("PUBLISH t=1 q1 id=1");
        var other = await broker.ConnectAsync("other");
        await other.SubscribeAsync(new Filter("$share/g/t", QoS: 1));
        await broker.VanishAsync(leaving);
        for (var i = 2; i <= Count; i++)
            await TakeAsync(other, i, 1, id: i - 1);
        broker.Time.AdvanceSeconds(601);
        await TakeAsync(other, 1, 1, id: Count);
    }

    [Fact]
    public async Task A_member_that_is_alone_keeps_what_waits_for_it_in_order()
    {
        await using var broker = TestBroker.Start(log: new KeepingLog());
        var member = await broker.ConnectAsync("m", props: Kept);
        await member.SubscribeAsync(new Filter("$share/g/t", QoS: 1), new Filter("t", QoS: 1));
        await broker.VanishAsync(member);
        await PublishAsync(broker, 1, [1, 2]);
        member = await broker.ConnectAsync("m", clean: false, present: true, props: Kept);
        await broker.VanishAsync(member);
        member = await broker.ConnectAsync("m", clean: false, present: true, props: Kept);
        foreach (var id in new[] { 1, 2, 3, 4 })
            await member.ExpectAsync($"PUBLISH t={(id + 1) / 2} q1 id={id} dup");
    }

    private static async Task PublishAsync(TestBroker broker, int qos, IEnumerable<int> numbers)
    {
        var publisher = await broker.ConnectAsync("publisher", MqttVersion.V311);
        var id = 0;
        foreach (var number in numbers)
            publisher.Publish("t", $"{number}", qos, id: qos == 0 ? 0 : ++id);
        for (; id > 0; id--)
            await publisher.ReceiveAsync();
        await publisher.LeaveAsync();
        await broker.SettleAsync();
    }

    private static async Task TakeAsync(WireClient client, int number, int qos, int id)
    {
        await client.ExpectAsync($"PUBLISH t={number} q{qos} id={id}");
        client.Ack(qos == 1 ? PacketType.PubAck : PacketType.PubRec, id);
        if (qos == 2)
        {
            await client.ExpectAsync($"PUBREL id={id}");
            client.Ack(PacketType.PubComp, id);
        }
    }
}
