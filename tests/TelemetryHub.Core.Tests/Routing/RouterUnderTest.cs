using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Log;
using TelemetryHub.Core.Routing;
using TelemetryHub.Core.Tests.Events;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Tests.Routing;

/// <summary>A router on a tail, a clock that stands still, and rules that the test changes.</summary>
internal sealed class RouterUnderTest
{
    public RouterUnderTest(IAccess? access = null, TailOptions? bounds = null)
    {
        Log = new Tail(bounds ?? new TailOptions());
        Router = new Router(Log, Topics, access ?? new AllowAll(), Clock);
        Events = new SampleEvents(Topics);
    }

    public TopicTable Topics { get; } = new(1 << 24);

    public Tail Log { get; }

    public StandingClock Clock { get; } = new();

    public Router Router { get; }

    public SampleEvents Events { get; }

    public static Subscription Subscription(ISubscriber target, string filter, QoS qos = QoS.ExactlyOnce, uint id = 0) =>
        new() { Target = target, Filter = TopicFilter.Parse(filter), MaxQoS = qos, Identifier = id };

    public Subscription Subscribe(ISubscriber target, string filter, QoS qos = QoS.ExactlyOnce, uint id = 0)
    {
        var subscription = Subscription(target, filter, qos, id);
        Router.Subscribe(subscription, old: null);
        return subscription;
    }

    public void Publish(params IEnumerable<Event> events)
    {
        foreach (var @event in events)
            Log.TryAppend(@event, out _).ShouldBe(AppendResult.Appended);
        Router.Pump();
        Router.Backlog.ShouldBe(0);
    }

    public void Publish(
        string topic,
        string payload = "x",
        QoS qos = QoS.AtLeastOnce,
        bool retain = false,
        string publisher = "publisher",
        long expiresAt = 0) =>
        Publish(Events.Of(topic, payload, qos, retain, publisher, expiresAt));
}
