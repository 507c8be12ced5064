using TelemetryHub.Broker;
using TelemetryHub.Broker.Reactors;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Routing;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Topics;
using TelemetryHub.Server.Feeds.Publishing;

namespace TelemetryHub.Server.Tests.Feeds.Publishing;

/// <summary>A publisher on a log that the test holds.</summary>
internal sealed class PublishSetup : IReactorWork
{
    public static readonly Principal Somebody = new("", null);

    public PublishSetup(BrokerOptions? limits = null, TimeProvider? time = null)
    {
        var topics = new TopicTable(1 << 20);
        var access = new ForbiddenTopics();
        Router = new Router(Log, topics, access, TimeProvider.System);
        Publisher = new Publisher(Log, Router, topics, access, limits ?? new BrokerOptions(), this, time ?? TimeProvider.System);
    }

    public HeldLog Log { get; } = new();

    public Router Router { get; }

    public Publisher Publisher { get; }

    public void OnBatchRead() => Router.Pump();

    public PublishStatus TryPublish(string topic, string payload = "x", QoS qos = QoS.AtLeastOnce, bool retain = false) =>
        Publisher.TryPublish(Somebody, Publish(topic, payload, qos, retain), out _, out _);

    public static Publication Publish(string topic, string payload = "x", QoS qos = QoS.AtLeastOnce, bool retain = false) =>
        new(System.Text.Encoding.UTF8.GetBytes(topic), System.Text.Encoding.UTF8.GetBytes(payload)) { QoS = qos, Retain = retain };

    /// <summary>Nobody may publish below <c>forbidden/</c>.</summary>
    private sealed class ForbiddenTopics : IAccess
    {
        public ValueTask<ConnectDecision> ConnectAsync(ConnectRequest request, CancellationToken cancellation) => new(ConnectDecision.Allow(Somebody));

        public bool MayPublish(Principal principal, TopicName topic) => !topic.Utf8.StartsWith("forbidden/"u8);

        public bool MaySubscribe(Principal principal, TopicFilter filter) => true;

        public bool MayReceive(Principal principal, TopicName topic) => true;
    }
}
