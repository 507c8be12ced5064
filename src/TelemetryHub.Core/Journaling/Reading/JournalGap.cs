namespace TelemetryHub.Core.Journaling.Reading;

/// <summary>Sequences that cannot be read, and why.</summary>
/// <param name="From">The first of them.</param>
/// <param name="To">The one behind the last.</param>
/// <param name="Reason">Why.</param>
public readonly record struct JournalGap(long From, long To, GapReason Reason)
{
    /// <summary>How many events are missing; null when that is not known.</summary>
    public long? Missing => Reason == GapReason.Crashed ? null : To - From;
}
