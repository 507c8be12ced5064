namespace TelemetryHub.Core.Feeds.Control;

/// <summary>Why a reader did not get events.</summary>
public enum MissedReason : byte
{
    /// <summary>It did not take what it was sent, and was lapped.</summary>
    Slow,

    /// <summary>More was published than the hub could encode.</summary>
    Overload,

    /// <summary>They are not kept any more: age, or the space they took.</summary>
    Dropped,

    /// <summary>The disk has lost them, or could not keep them.</summary>
    Damaged,

    /// <summary>The hub had crashed: what was published last and not acknowledged may be missing.</summary>
    Crashed,
}
