using TelemetryHub.Core.Journaling.Segments;

namespace TelemetryHub.Core.Journaling;

/// <summary>What was found in a journal's directory.</summary>
/// <param name="Segments">The segments, oldest first.</param>
/// <param name="Snapshots">The segments before which there is a snapshot, ascending; the newest is whole.</param>
/// <param name="StateBytes">How much of the segments had to be read for the state.</param>
/// <param name="State">The state of the hub.</param>
/// <param name="Start">Where to go on.</param>
/// <param name="RoutedUpTo">Everything below has been routed.</param>
internal sealed record RecoveredLog(IReadOnlyList<Segment> Segments, IReadOnlyList<long> Snapshots, long StateBytes, RecoveredState State, LogStart Start, long RoutedUpTo);
