namespace TelemetryHub.Core.Tests.Journaling.Disks;

/// <summary>What can happen to a <see cref="SimulatedDisk"/>. A sync is two operations, for the power may go while it runs.</summary>
public enum DiskOperationKind
{
    CreateDirectory,
    Create,
    Write,
    SetLength,
    Allocate,
    Rename,
    Delete,
    SyncBegun,
    Synced,
    SyncFailed,
}
