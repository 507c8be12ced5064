namespace TelemetryHub.Core.Routing;

/// <summary>A shared subscription that matches a topic, with those of its members that may be handed the topic's events.</summary>
internal readonly record struct ShareMatch(ShareGroup Group, Subscription[] Members)
{
    /// <inheritdoc cref="ShareGroup.Next"/>
    public Route? Next(ISubscriber? notTo = null) => Group.Next(Members, notTo);
}
