using TelemetryHub.Core.Feeds.Control;

namespace TelemetryHub.Core.Feeds.Replays;

/// <summary>Events that a page tells as missing, for the counts.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Count">How many, as far as it is known.</param>
/// <param name="Behind">The last sequence before them.</param>
internal sealed record MissedEvents(MissedReason Reason, long Count, long Behind);
