namespace TelemetryHub.Core.Journaling.Inspection;

/// <summary>What a segment is to who looks at a journal from outside.</summary>
internal enum SegmentKind : byte
{
    /// <summary>It was finished.</summary>
    Sealed,

    /// <summary>The last one, and not finished: a hub is writing it, or it was the last when the hub crashed or the copy was made.</summary>
    Active,

    /// <summary>Not finished, but followed by others: the hub crashed, or the disk failed.</summary>
    Ended,

    /// <summary>Damage has been cut out of it.</summary>
    Repaired,

    /// <summary>There is damage in it.</summary>
    Damaged,

    /// <summary>It was made and has nothing in it yet.</summary>
    Blank,
}
