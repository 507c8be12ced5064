using TelemetryHub.Core.Tests.Journaling.Disks;

namespace TelemetryHub.Core.Tests.Journaling.Faults;

internal static class DiskFaults
{
    public static void Begin(this SimulatedDisk disk, DiskFault fault)
    {
        disk.FreeBytes = fault == DiskFault.Full ? 1_000 : null;
        (disk.FailsSyncs, disk.IsReadOnly) = (fault == DiskFault.FailingSyncs, fault == DiskFault.ReadOnly);
    }

    public static void End(this SimulatedDisk disk)
    {
        disk.FreeBytes = null;
        (disk.FailsSyncs, disk.IsReadOnly) = (false, false);
    }
}
