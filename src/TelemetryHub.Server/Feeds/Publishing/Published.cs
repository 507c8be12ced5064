using TelemetryHub.Core.Events;

namespace TelemetryHub.Server.Feeds.Publishing;

/// <summary>A publish that is decided.</summary>
/// <param name="Tag">What its owner knows it by.</param>
/// <param name="Event">The event. Its sequence is 0 while it has not appeared in the log (in a cluster that is later).</param>
/// <param name="IsKept">It is kept; otherwise the log could not keep it and never will.</param>
internal readonly record struct Published<TTag>(TTag Tag, Event Event, bool IsKept);
