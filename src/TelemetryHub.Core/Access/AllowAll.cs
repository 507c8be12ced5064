using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Access;

/// <summary>Lets everybody do everything: the default of a hub that listens on loopback only.</summary>
public sealed class AllowAll : IAccess
{
    /// <inheritdoc/>
    public ValueTask<ConnectDecision> ConnectAsync(ConnectRequest request, CancellationToken cancellation) =>
        new(ConnectDecision.Allow(new Principal(request.ClientId, request.ProvenUser ?? request.User)));

    /// <inheritdoc/>
    public bool MayPublish(Principal principal, TopicName topic) => true;

    /// <inheritdoc/>
    public bool MaySubscribe(Principal principal, TopicFilter filter) => true;

    /// <inheritdoc/>
    public bool MayReceive(Principal principal, TopicName topic) => true;
}
