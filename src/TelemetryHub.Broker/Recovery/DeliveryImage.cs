namespace TelemetryHub.Broker.Recovery;

/// <summary>A delivery that is not over, as the records tell it.</summary>
/// <param name="Ordinal">Its place among the session's deliveries: what its packet id comes from.</param>
/// <param name="Sequence">The event's place in the log.</param>
/// <param name="Route">How it reaches the session; one object for all that are the same.</param>
/// <param name="IsReleased">PUBREC came: only PUBREL is due.</param>
/// <param name="Copy">The event itself (for <see cref="Core.Log.EventCopy.Read"/>) when it is the replay of a retained message.</param>
internal readonly record struct DeliveryImage(long Ordinal, long Sequence, RouteImage Route, bool IsReleased, byte[]? Copy);
