namespace TelemetryHub.Core.Journaling.Format;

/// <summary>What stands at a place where a frame is expected.</summary>
internal enum FrameStatus : byte
{
    /// <summary>A frame, with a right checksum.</summary>
    Whole,

    /// <summary>A length of 0, as in the zeros behind the end of what was written.</summary>
    End,

    /// <summary>The bytes end before the frame does.</summary>
    Cut,

    /// <summary>Not a frame of this segment.</summary>
    Bad,
}
