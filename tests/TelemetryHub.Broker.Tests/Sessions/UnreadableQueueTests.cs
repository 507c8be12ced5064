using TelemetryHub.Broker.Operation;
using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Mqtt;
using static TelemetryHub.Mqtt.Properties.PropertyId;

namespace TelemetryHub.Broker.Tests.Sessions;

/// <summary>The disk does not give back what waits for a client, for a while or for good.</summary>
public class UnreadableQueueTests
{
    private const int Tries = 6;

    private static readonly Props Kept = new() { { SessionExpiryInterval, 600 } };

    private readonly KeepingLog _log = new();

    [Fact]
    public async Task A_disk_that_fails_for_a_while_costs_nothing_though_the_client_says_nothing()
    {
        await using var broker = TestBroker.Start(log: _log);
        await QueueAsync(broker, "a", "t", 5);
        _log.BeUnreadable(1);
        var client = await broker.ConnectAsync("a", clean: false, present: true, props: Kept);
        await FailAsync(broker, times: 3);

        _log.BeReadable();
        broker.Time.AdvanceSeconds(60);

        for (var i = 1; i <= 5; i++)
            (await client.ReceiveAsync()).ToString().ShouldBe($"PUBLISH t={i} q1 id={i}");
        broker.Broker.Statistics.DroppedInAll.ShouldBe(0);
    }

    [Fact]
    public async Task What_cannot_be_read_for_a_minute_is_given_up_and_counted_and_nothing_else()
    {
        await using var broker = TestBroker.Start(log: _log);
        await QueueAsync(broker, "a", "t", 50);
        _log.BeUnreadable(2, 40);
        var client = await broker.ConnectAsync("a", clean: false, present: true, props: Kept);

        await FailAsync(broker, Tries);

        foreach (var i in Enumerable.Range(1, 50).Where(i => i is not (2 or 40)))
            (await client.ReceiveAsync()).ToString().ShouldStartWith($"PUBLISH t={i} q1");
        broker.Broker.Statistics.Dropped(DropReason.NotKept).ShouldBe(2);
    }

    [Fact]
    public async Task What_a_member_of_a_shared_subscription_leaves_comes_to_the_others_when_the_disk_is_back()
    {
        await using var broker = TestBroker.Start(new() { MaxInflight = 1 }, _log);
        await QueueAsync(broker, "away", "$share/g/t", 5);
        var other = await broker.ConnectAsync("other");
        await other.SubscribeAsync(new Filter("$share/g/t", QoS: 1));
        _log.BeUnreadable(3);
        broker.Time.AdvanceSeconds(601); // the session ends
        await FailAsync(broker, times: 2);

        _log.BeReadable();
        broker.Time.AdvanceSeconds(60);

        for (var i = 1; i <= 5; i++)
        {
            (await other.ReceiveAsync()).ToString().ShouldStartWith($"PUBLISH t={i} q1");
            other.Ack(PacketType.PubAck, i);
        }
        broker.Broker.Statistics.DroppedInAll.ShouldBe(0);
    }

    // A session whose client is away, with messages that are only on the disk.
    private static async Task QueueAsync(TestBroker broker, string clientId, string filter, int count)
    {
        var client = await broker.ConnectAsync(clientId, props: Kept);
        await client.SubscribeAsync(new Filter(filter, QoS: 1));
        await broker.VanishAsync(client);
        var publisher = await broker.ConnectAsync("p");
        for (var i = 1; i <= count; i++)
            await publisher.PublishAckedAsync("t", $"{i}");
        for (var i = 0; i < 10; i++)
            await publisher.PublishAckedAsync("other");
    }

    // Each failure is told; the time to the next try passes.
    private static async Task FailAsync(TestBroker broker, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await broker.Logger.SaysAsync("cannot be read from the disk");
            broker.Time.AdvanceSeconds(1 << i);
        }
    }
}
