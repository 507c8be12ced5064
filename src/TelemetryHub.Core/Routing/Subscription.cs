using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Routing;

/// <summary>One subscription of one subscriber. Immutable; changing it means replacing it.</summary>
public sealed class Subscription : IRouteSource
{
    private Route? _solo;

    /// <summary>Who subscribed.</summary>
    public required ISubscriber Target { get; init; }

    /// <summary>To what.</summary>
    public required TopicFilter Filter { get; init; }

    /// <summary>The QoS granted.</summary>
    public QoS MaxQoS { get; init; }

    /// <summary>Not the subscriber's own events.</summary>
    public bool NoLocal { get; init; }

    /// <summary>With the publisher's RETAIN flag.</summary>
    public bool RetainAsPublished { get; init; }

    /// <summary>When retained messages are sent.</summary>
    public RetainHandling RetainHandling { get; init; }

    /// <summary>The subscription identifier; 0 = none.</summary>
    public uint Identifier { get; init; }

    /// <summary>The group that a shared subscription belongs to; set when it is added.</summary>
    internal ShareGroup? Group { get; set; }

    /// <summary>The route when this is the target's only match, as it mostly is: made once.</summary>
    internal Route Solo => _solo ??= new Route
    {
        Target = Target,
        MaxQoS = MaxQoS,
        RetainAsPublished = RetainAsPublished,
        Identifiers = Identifier == 0 ? [] : [Identifier],
        NoLocal = NoLocal,
        Group = Group,
    };
}
