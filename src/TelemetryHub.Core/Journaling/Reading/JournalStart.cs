namespace TelemetryHub.Core.Journaling.Reading;

/// <summary>Where a reader of the journal begins. The default is the oldest event that is kept.</summary>
public readonly record struct JournalStart
{
    /// <summary>At the oldest event that is kept.</summary>
    public static JournalStart Oldest => default;

    internal long Sequence { get; private init; }

    internal long? Time { get; private init; }

    /// <summary>At this sequence.</summary>
    public static JournalStart At(long sequence) => new() { Sequence = Math.Max(sequence, 1) };

    /// <summary>At the first event that the hub took at this time or later.</summary>
    public static JournalStart AtTime(DateTimeOffset time) => new() { Time = time.ToUnixTimeMilliseconds() };
}
