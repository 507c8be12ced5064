using TelemetryHub.Core.Access;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Tests.Routing;

/// <summary>Rules that the test changes; counts how often it is asked who may receive.</summary>
internal sealed class ListedAccess : IAccess
{
    public HashSet<string> MayNotReceive { get; } = [];

    public int Asked { get; set; }

    public ValueTask<ConnectDecision> ConnectAsync(ConnectRequest request, CancellationToken cancellation) =>
        new(ConnectDecision.Allow(new Principal(request.ClientId, null)));

    public bool MayPublish(Principal principal, TopicName topic) => true;

    public bool MaySubscribe(Principal principal, TopicFilter filter) => true;

    public bool MayReceive(Principal principal, TopicName topic)
    {
        Asked++;
        return !MayNotReceive.Contains(principal.ClientId);
    }
}
