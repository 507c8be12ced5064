namespace TelemetryHub.Core.Journaling.Inspection;

/// <summary>What there is to know about a segment.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Bytes">The length of its file.</param>
/// <param name="FirstSequence">The sequence of its first event.</param>
/// <param name="NextSequence">The sequence behind its last event.</param>
/// <param name="Events">How many events are in it, those that damage took not counted.</param>
/// <param name="Created">When it was made, in milliseconds of Unix time.</param>
/// <param name="MinTime">The earliest time of an event; above <paramref name="MaxTime"/> when there is none.</param>
/// <param name="MaxTime">The latest time of an event.</param>
internal sealed record SegmentFacts(
    long Number, SegmentKind Kind, long Bytes, long FirstSequence, long NextSequence, long Events, long Created, long MinTime, long MaxTime);
