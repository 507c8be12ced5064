using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Log;
using TelemetryHub.Core.Routing;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Broker.Tests.Recovery;

/// <summary>Routes of every kind. Those of shared subscriptions only a router can make.</summary>
internal static class SampleRoutes
{
    public static Route[] All { get; } =
    [
        Of(QoS.AtLeastOnce),
        Of(QoS.ExactlyOnce),
        Of(QoS.ExactlyOnce, retainAsPublished: true),
        Of(QoS.AtLeastOnce, retainAsPublished: false, 7),
        Of(QoS.AtLeastOnce, retainAsPublished: true, 1, 128, 268_435_455),
        ByGroup("$share/g/a", 0),
        ByGroup("$share/g/a", 9),
        ByGroup("$share/other/#", 0),
    ];

    public static Route Shared => All[5];

    public static Route Of(QoS qos, bool retainAsPublished = false, params uint[] identifiers) =>
        new() { Target = new Catcher(), MaxQoS = qos, RetainAsPublished = retainAsPublished, Identifiers = identifiers };

    private static Route ByGroup(string filter, uint identifier)
    {
        var topics = new TopicTable(1 << 20);
        var log = new Tail(new TailOptions());
        var router = new Router(log, topics, new AllowAll(), TimeProvider.System);
        var catcher = new Catcher();
        router.Subscribe(new Subscription { Target = catcher, Filter = TopicFilter.Parse(filter), MaxQoS = QoS.ExactlyOnce, Identifier = identifier }, old: null);
        log.TryAppend(new Event { Topic = topics.Get("a"u8), Payload = [], Publisher = Principal.Hub, Time = 1 }, out _);
        router.Pump();
        return catcher.Last!;
    }

    private sealed class Catcher : ISubscriber
    {
        public Route? Last { get; private set; }

        public Principal Principal { get; } = new("catcher", null);

        public bool IsReady => true;

        public bool Deliver(in Core.Routing.Delivery delivery)
        {
            Last = delivery.Route;
            return false;
        }

        public void Wake()
        {
        }
    }
}
