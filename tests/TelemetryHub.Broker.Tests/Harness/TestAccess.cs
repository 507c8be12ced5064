using TelemetryHub.Core.Access;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Broker.Tests.Harness;

/// <summary>Rules that a test can set, one per point of decision; everything is allowed at first.</summary>
internal sealed class TestAccess : IAccess
{
    public Func<ConnectRequest, CancellationToken, ValueTask<ConnectDecision>> Connect { get; set; } = new AllowAll().ConnectAsync;

    public Func<Principal, string, bool> Publish { get; set; } = (_, _) => true;

    public Func<Principal, string, bool> Subscribe { get; set; } = (_, _) => true;

    public Func<Principal, string, bool> Receive { get; set; } = (_, _) => true;

    public ValueTask<ConnectDecision> ConnectAsync(ConnectRequest request, CancellationToken cancellation) => Connect(request, cancellation);

    public bool MayPublish(Principal principal, TopicName topic) => Publish(principal, topic.ToString());

    public bool MaySubscribe(Principal principal, TopicFilter filter) => Subscribe(principal, filter.ToString());

    public bool MayReceive(Principal principal, TopicName topic) => Receive(principal, topic.ToString());
}
