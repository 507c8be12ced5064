using TelemetryHub.Core.Access;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Server.Tests.Feeds;

/// <summary>Rules that allow one filter.</summary>
internal sealed class OnlyBelow(string allowed) : IAccess
{
    public ValueTask<ConnectDecision> ConnectAsync(ConnectRequest request, CancellationToken cancellation) => new(ConnectDecision.Allow(new Principal("", null)));

    public bool MayPublish(Principal principal, TopicName topic) => TopicFilter.Parse(allowed).Matches(topic);

    public bool MaySubscribe(Principal principal, TopicFilter filter) => filter.ToString() == allowed;

    public bool MayReceive(Principal principal, TopicName topic) => TopicFilter.Parse(allowed).Matches(topic);
}
