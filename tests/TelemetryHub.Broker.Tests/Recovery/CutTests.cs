using System.Text;
using TelemetryHub.Broker.Recovery;
using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Core.Events;
using TelemetryHub.Mqtt;
using static TelemetryHub.Mqtt.Properties.PropertyId;

namespace TelemetryHub.Broker.Tests.Recovery;

/// <summary>The log of a busy hub is cut behind every single event and record: what is before the cut must come of it, no more and no less.</summary>
public class CutTests
{
    private const int Messages = 12;

    private static readonly Props Kept = new() { { SessionExpiryInterval, 600 } };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Wherever_the_log_ends_every_message_in_it_is_delivered_once_and_in_order(bool isRoutedLittle)
    {
        var log = new KeepingLog(eventsInMemory: 1024);
        await using var first = TestBroker.Start(log: log);
        await RunAsync(first);
        await first.SettleAsync();
        var appends = log.Appends;
        appends.Count.ShouldBeGreaterThan(50);
        for (var cut = 0; cut <= appends.Count; cut++)
        {
            var routed = isRoutedLittle || cut == 0 ? 1 : appends[cut - 1].RoutedUpTo;
            await using var second = TestBroker.StartAfter(first, routedUpTo: routed, appends: cut);
            await CheckAsync(second, "away", EventsFor("away", appends.Take(cut)), acknowledged: 0, cut);
            await CheckAsync(second, "here", EventsFor("here", appends.Take(cut)), acknowledged: 3, cut);
        }
    }

    // What was published behind the client's subscription; null when there is none yet.
    private static string[]? EventsFor(string clientId, IEnumerable<(Event? Event, byte[]? Record, long RoutedUpTo)> appends)
    {
        var image = new SessionsImage();
        List<string>? texts = null;
        foreach (var (@event, record, _) in appends)
        {
            if (record is not null)
                image.Apply(record);
            if (texts is null && image.Sessions.Any(session => session.ClientId == clientId && session.Subscriptions.Count > 0))
                texts = [];
            if (@event is not null)
                texts?.Add(Encoding.UTF8.GetString(@event.Payload));
        }
        return texts?.ToArray();
    }

    // One subscriber is away, one acknowledges a little and goes, the publisher does everything in its turn.
    private static async Task RunAsync(TestBroker broker)
    {
        var away = await broker.ConnectAsync("away", props: Kept);
        await away.SubscribeAsync(new Filter("t", QoS: 1));
        await broker.LeaveAsync(away);
        var publisher = await broker.ConnectAsync("publisher", props: Kept);
        await publisher.PublishAckedAsync("t", "0");
        var here = await broker.ConnectAsync("here", props: Kept);
        await here.SubscribeAsync(new Filter("t", QoS: 2));
        for (var i = 1; i <= Messages; i++)
        {
            await PublishAsync(publisher, i);
            if (i <= Messages / 2)
                await TakeAsync(here, i, isAcknowledged: i <= 3);
            if (i == Messages / 2)
                await broker.VanishAsync(here);
        }
    }

    private static async Task PublishAsync(WireClient publisher, int number)
    {
        if (number % 2 == 0)
        {
            await publisher.PublishAckedAsync("t", $"{number}");
            return;
        }
        publisher.Publish("t", $"{number}", qos: 2, id: number);
        await publisher.ExpectAsync($"PUBREC id={number}");
        publisher.Ack(PacketType.PubRel, number);
        await publisher.ExpectAsync($"PUBCOMP id={number}");
    }

    private static async Task TakeAsync(WireClient subscriber, int number, bool isAcknowledged)
    {
        var packet = await subscriber.ReceiveAsync();
        packet.Text.ShouldBe($"{number}");
        if (!isAcknowledged)
            return;
        if (packet.QoS == QoS.AtLeastOnce)
        {
            subscriber.Ack(PacketType.PubAck, packet.PacketId);
            return;
        }
        subscriber.Ack(PacketType.PubRec, packet.PacketId);
        await subscriber.ExpectAsync($"PUBREL id={packet.PacketId}");
        subscriber.Ack(PacketType.PubComp, packet.PacketId);
    }

    private static async Task CheckAsync(TestBroker broker, string clientId, string[]? expected, int acknowledged, int cut)
    {
        if (expected is null)
            return; // not subscribed yet
        var client = await broker.ConnectAsync(clientId, clean: false, present: true, props: Kept);
        var probe = await broker.ConnectAsync($"probe {clientId}");
        await probe.PublishAckedAsync("t", "end");
        List<string> received = [];
        for (WirePacket packet; (packet = await client.ReceiveAsync()).Text != "end";)
        {
            if (packet.Type == PacketType.Publish)
                received.Add(packet.Text);
        }
        // What was acknowledged may be over or not, depending on the cut; but it is the first there was.
        received.ShouldBe(expected.Where(text => received.Contains(text)), $"cut at {cut}");
        expected.Skip(acknowledged).Except(received).ShouldBeEmpty($"cut at {cut}");
    }
}
