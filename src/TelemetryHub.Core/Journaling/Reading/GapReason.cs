namespace TelemetryHub.Core.Journaling.Reading;

/// <summary>Why sequences cannot be read.</summary>
public enum GapReason : byte
{
    /// <summary>Their age, or the space they took: the oldest segments were dropped.</summary>
    Dropped,

    /// <summary>The disk has lost what it had.</summary>
    Damaged,

    /// <summary>The disk failed when they were to be written. They were delivered live.</summary>
    NotWritten,

    /// <summary>The hub had crashed: how many of these numbers were ever used is not known, and mostly none was.</summary>
    Crashed,
}
