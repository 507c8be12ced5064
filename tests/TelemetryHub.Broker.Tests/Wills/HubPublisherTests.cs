using System.Text;
using System.Threading.Channels;
using TelemetryHub.Broker.Operation;
using TelemetryHub.Broker.Wills;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Log;
using TelemetryHub.Core.Routing;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Broker.Tests.Wills;

public class HubPublisherTests
{
    [Fact]
    public async Task What_the_log_has_no_room_for_is_published_in_order_although_nobody_else_publishes()
    {
        var topics = new TopicTable(1 << 20);
        var log = new Tail(new TailOptions { MaxEvents = 2 });
        var router = new Router(log, topics, new AllowAll(), TimeProvider.System);
        var publisher = new HubPublisher(log, router, new BrokerStatistics());
        var subscriber = new Subscriber();
        router.Subscribe(new Subscription { Target = subscriber, Filter = TopicFilter.Parse("wills") }, old: null);

        // The log is full when the wills come, and each time that it takes two of them.
        log.TryAppend(Event(topics, "0"), out _).ShouldBe(AppendResult.Appended);
        log.TryAppend(Event(topics, "1"), out _).ShouldBe(AppendResult.Appended);
        for (var i = 2; i < 10; i++)
            publisher.Publish(Event(topics, $"{i}"));

        for (var i = 0; i < 10; i++)
            (await subscriber.Payloads.Reader.ReadAsync(TestContext.Current.CancellationToken)).ShouldBe($"{i}");
    }

    private static Event Event(TopicTable topics, string payload) =>
        new() { Topic = topics.Get("wills"u8), Payload = Encoding.UTF8.GetBytes(payload), Publisher = Principal.Hub, Time = 0 };

    private sealed class Subscriber : ISubscriber
    {
        public Channel<string> Payloads { get; } = Channel.CreateUnbounded<string>();

        public Principal Principal { get; } = new("subscriber", null);

        public bool IsReady => true;

        public bool Deliver(in Core.Routing.Delivery delivery)
        {
            Payloads.Writer.TryWrite(Encoding.UTF8.GetString(delivery.Event.Payload)).ShouldBeTrue();
            return false;
        }

        public void Wake()
        {
            // nothing is sent here
        }
    }
}
