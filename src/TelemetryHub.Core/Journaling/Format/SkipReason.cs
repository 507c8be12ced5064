namespace TelemetryHub.Core.Journaling.Format;

/// <summary>Why a segment does not begin with the sequence that followed the last one of the log. The numbers are on disk.</summary>
internal enum SkipReason : byte
{
    /// <summary>It does begin with it.</summary>
    None = 0,

    /// <summary>The hub had crashed: the numbers may have been shown to readers, or never used.</summary>
    Crash = 1,

    /// <summary>The disk had failed: exactly these events were routed, but are not kept.</summary>
    Lost = 2,
}
