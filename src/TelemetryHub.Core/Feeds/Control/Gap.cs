namespace TelemetryHub.Core.Feeds.Control;

/// <summary>Events that a reader does not get.</summary>
/// <param name="Missed">How many; null when that is not known.</param>
/// <param name="From">The sequence behind which they begin: the last one that the reader has seen.</param>
/// <param name="To">The last sequence that may be missing: the cursor from which the stream goes on.</param>
/// <param name="Reason">Why.</param>
public readonly record struct Gap(long? Missed, long From, long To, MissedReason Reason);
