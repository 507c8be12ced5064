namespace TelemetryHub.Core.Feeds.Control;

/// <summary>Why a cursor means nothing here.</summary>
public enum ResetReason : byte
{
    /// <summary>It is of another log: another hub, or one whose data was removed.</summary>
    Epoch,

    /// <summary>It is ahead of the log: an older state of it was restored.</summary>
    Future,

    /// <summary>It is not a cursor.</summary>
    Unknown,
}
