namespace TelemetryHub.Core.Log;

/// <summary>Whether an appended event has reached the level at which its publisher may be told that it is kept.</summary>
public enum KeptState : byte
{
    /// <summary>Not yet: <see cref="ILogWaiter.OnKept"/> will follow.</summary>
    Pending,

    /// <summary>Kept: acknowledge it.</summary>
    Kept,

    /// <summary>It could not be kept and never will be: refuse it.</summary>
    Refused,
}
