using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Access;

/// <summary>
/// Who may do what. The four points of decision: connect, publish, subscribe, deliver.
/// All but <see cref="ConnectAsync"/> are on the data path: they must answer at once and from any thread. Deliver is asked when a
/// match is computed, not per event; whoever changes the rules tells the router to forget its matches.
/// </summary>
public interface IAccess
{
    /// <summary>May take its time (a password hash is slow on purpose); the connection is not read meanwhile.</summary>
    ValueTask<ConnectDecision> ConnectAsync(ConnectRequest request, CancellationToken cancellation);

    /// <summary>May this principal publish to this topic? Also asked for wills, when they are set and when they are sent.</summary>
    bool MayPublish(Principal principal, TopicName topic);

    /// <summary>May this principal have this subscription?</summary>
    bool MaySubscribe(Principal principal, TopicFilter filter);

    /// <summary>May this principal be handed events of this topic?</summary>
    bool MayReceive(Principal principal, TopicName topic);
}
