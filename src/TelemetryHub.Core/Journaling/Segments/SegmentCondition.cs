namespace TelemetryHub.Core.Journaling.Segments;

/// <summary>What a scan found a segment to be.</summary>
internal enum SegmentCondition : byte
{
    /// <summary>Frames up to the end of the file, or up to the zeros that it was made with.</summary>
    Whole,

    /// <summary>What was being written when the power went, or the process, is behind the last whole frame. Nothing in it was known to be on disk: cut it off.</summary>
    Torn,

    /// <summary>Something that had been on disk is not there any more.</summary>
    Damaged,

    /// <summary>It was made, and the power went before its header was on disk: nothing was ever in it.</summary>
    Blank,

    /// <summary>Its header is damaged, and without it nothing in it can be read.</summary>
    NoHeader,

    /// <summary>A later version of the program has written it: not to be touched.</summary>
    LaterVersion,
}
