namespace TelemetryHub.Core.Journaling.Format;

/// <summary>What a frame holds. The numbers are on disk: never change or reuse one. A reader passes over those it does not know.</summary>
internal enum FrameKind : byte
{
    /// <summary>The first frame of every batch; can be found in the middle of garbage.</summary>
    Commit = 1,

    /// <summary>Gives a topic its number in this segment.</summary>
    Topic = 2,

    /// <summary>Gives a publisher its number in this segment.</summary>
    Publisher = 3,

    /// <summary>An event.</summary>
    Event = 4,

    /// <summary>Records of the state of parts of the hub.</summary>
    State = 5,

    /// <summary>Stands where damage was cut out of a repaired copy.</summary>
    Hole = 6,

    /// <summary>The last frame of a segment that was finished.</summary>
    Seal = 7,

    /// <summary>In snapshots: some of the state of one part.</summary>
    Block = 8,

    /// <summary>In snapshots: it is whole.</summary>
    End = 9,
}
