using TelemetryHub.Core.Events;
using TelemetryHub.Core.Log;

namespace TelemetryHub.Core.Journaling;

/// <summary>The state of the hub's parts as the log had it.</summary>
/// <param name="Retained">The retained messages.</param>
/// <param name="Unrouted">Events that are kept but had not been routed when the log ended: to be routed before anything that comes now.</param>
/// <param name="Image">The image of a part.</param>
/// <param name="LastTime">When the log was last written, in milliseconds of Unix time; 0 when it is new.</param>
public sealed record RecoveredState(IReadOnlyList<Event> Retained, IReadOnlyList<Event> Unrouted, Func<StatePart, IStateImage> Image, long LastTime);
