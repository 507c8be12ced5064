using TelemetryHub.Core.Journaling.Format;

namespace TelemetryHub.Core.Journaling;

/// <summary>Where a log that was opened goes on.</summary>
/// <param name="NextSegment">The number of the next segment.</param>
/// <param name="Next">The sequence behind the last one that was found.</param>
/// <param name="First">The sequence that the next event gets.</param>
/// <param name="Skip">Why that is not the same.</param>
internal readonly record struct LogStart(long NextSegment, long Next, long First, SkipReason Skip);
