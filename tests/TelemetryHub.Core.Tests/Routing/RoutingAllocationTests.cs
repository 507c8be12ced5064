using TelemetryHub.Core.Access;
using TelemetryHub.Core.Routing;
using TelemetryHub.Mqtt.Tests;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Tests.Routing;

public class RoutingAllocationTests
{
    private readonly RouterUnderTest _hub = new();

    [Theory]
    [InlineData("t/+", 500)]
    [InlineData("t/+", 1)]
    [InlineData("$share/g/#", 500)]
    [InlineData("elsewhere", 500)]
    public void Routing_an_event_allocates_nothing_whoever_subscribed(string filter, int subscribers)
    {
        var counters = Enumerable.Range(0, subscribers).Select(i => new CountingSubscriber(i)).ToArray();
        foreach (var counter in counters)
        {
            _hub.Subscribe(counter, filter);
            _hub.Router.Subscribe(new Subscription { Target = counter, Filter = TopicFilter.Parse("t/#"), NoLocal = true }, old: null);
        }
        var @event = _hub.Events.Of("t/1");
        for (var i = 0; i < subscribers; i++)
            Publish(); // each member of a group has had its turn
        AllocatedBytes.ByWarm(Publish).ShouldBe(0);
        counters.ShouldAllBe(counter => counter.Delivered >= subscribers && counter.Wakes == counter.Delivered);

        void Publish()
        {
            _hub.Log.TryAppend(@event, out _);
            _hub.Router.Pump();
        }
    }

    private sealed class CountingSubscriber(int number) : ISubscriber
    {
        public int Delivered { get; private set; }

        public int Wakes { get; private set; }

        public Principal Principal { get; } = new($"{number}", null);

        public bool IsReady => true;

        public bool Deliver(in Delivery delivery)
        {
            Delivered++;
            return true;
        }

        public void Wake() => Wakes++;
    }
}
