using TelemetryHub.Core.Events;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Core.Routing;

/// <summary>
/// How the events of one topic reach one subscriber: all its matching subscriptions in one. Immutable, cached on the topic.
/// </summary>
public sealed class Route
{
    /// <summary>Who gets them.</summary>
    public required ISubscriber Target { get; init; }

    /// <summary>The highest QoS that any of the matching subscriptions was granted.</summary>
    public required QoS MaxQoS { get; init; }

    /// <summary>Whether one of them asked to see the publisher's RETAIN flag.</summary>
    public bool RetainAsPublished { get; init; }

    /// <summary>Their subscription identifiers (MQTT 5 §3.3.4: all that match).</summary>
    public uint[] Identifiers { get; init; } = [];

    /// <summary>One of them is no-local: events of the target itself take <see cref="ForOwnEvents"/>.</summary>
    public bool NoLocal { get; init; }

    /// <summary>With <see cref="NoLocal"/>: what the other subscriptions come to, null when there is none.</summary>
    public Route? ForOwnEvents { get; init; }

    /// <summary>The shared subscription that chose the target.</summary>
    public ShareGroup? Group { get; init; }

    /// <summary>The route that this event takes; null for none.</summary>
    internal Route? For(Event @event) =>
        NoLocal && @event.Publisher.ClientId == Target.Principal.ClientId ? ForOwnEvents : this;
}
