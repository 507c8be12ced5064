namespace TelemetryHub.Core.Tests.Journaling.Disks;

/// <summary>How far a change has got to the disk.</summary>
internal enum Safety : byte
{
    /// <summary>No sync that covers it has ended: it may get there at any time.</summary>
    Pending,

    /// <summary>A sync that covers it has completed.</summary>
    Safe,

    /// <summary>The sync that covered it failed. No later one will try again: it may be there or not, for ever.</summary>
    Doubtful,
}
