using TelemetryHub.Core.Events;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Core.Routing;

/// <summary>An event on its way to one subscriber.</summary>
/// <param name="Event">The event.</param>
/// <param name="Route">Why it goes there, and how.</param>
/// <param name="IsReplay">It is a retained message, sent because of a new subscription.</param>
public readonly record struct Delivery(Event Event, Route Route, bool IsReplay)
{
    /// <summary>The QoS it is delivered with.</summary>
    public QoS QoS => Event.QoS < Route.MaxQoS ? Event.QoS : Route.MaxQoS;

    /// <summary>The RETAIN flag it is delivered with. MQTT 5 §3.3.1.3; in MQTT 3.1.1 the same with retain-as-published off.</summary>
    public bool Retain => IsReplay || (Route.RetainAsPublished && Event.Retain);
}
