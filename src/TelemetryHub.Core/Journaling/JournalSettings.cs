using TelemetryHub.Core.Log;

namespace TelemetryHub.Core.Journaling;

/// <summary>What the journal promises and how much it keeps.</summary>
public sealed class JournalSettings
{
    /// <summary>What has to be true before a publish is acknowledged.</summary>
    public AcknowledgeLevels Acknowledge { get; init; } = new(AcknowledgeLevel.Synced, []);

    /// <summary>How long events are kept; zero = for ever.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How many bytes of segments are kept.</summary>
    public long MaxBytes { get; init; } = 4L << 30;

    /// <summary>How large a segment gets: the unit in which old events are dropped.</summary>
    public int SegmentBytes { get; init; } = 64 << 20;

    /// <summary>The part of the log that is in memory.</summary>
    public TailOptions Tail { get; init; } = new();

    /// <summary>How long what nobody waits for may stay in memory before it is written.</summary>
    public TimeSpan WriteDelay { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How long what nobody waits for may stay unsynced.</summary>
    public TimeSpan SyncDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long after a failure the disk is tried again, and after how long without an answer it is called slow.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long the disk may stand still before events that nobody waits for go on live without being written. Until then their publishers wait, once
    /// what may be pending is: history is worth a moment.
    /// </summary>
    public TimeSpan LiveOnlyAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After how many bytes of records the state is written down as a whole: some tenth of a second of a start.</summary>
    internal int SnapshotBytes { get; init; } = 8 << 20;
}
