using TelemetryHub.Core.Access;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Broker.Tests.Harness;

/// <summary>Rules that a test can set, one per point of decision; without a rule everything is allowed.</summary>
internal sealed class TestAccess : IAccess
{
    public Func<ConnectRequest, CancellationToken, ValueTask<ConnectDecision>> Connect { get; set; } = new AllowAll().ConnectAsync;

    public Func<Principal, string, bool>? Publish { get; set; }

    public Func<Principal, string, bool>? Subscribe { get; set; }

    public Func<Principal, string, bool>? Receive { get; set; }

    public ValueTask<ConnectDecision> ConnectAsync(ConnectRequest request, CancellationToken cancellation) => Connect(request, cancellation);

    public bool MayPublish(Principal principal, TopicName topic) => Publish is null || Publish(principal, topic.ToString());

    public bool MaySubscribe(Principal principal, TopicFilter filter) => Subscribe is null || Subscribe(principal, filter.ToString());

    public bool MayReceive(Principal principal, TopicName topic) => Receive is null || Receive(principal, topic.ToString());
}
