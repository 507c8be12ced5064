using TelemetryHub.Core.Log;
using TelemetryHub.Core.Tests.Journaling.Disks;

namespace TelemetryHub.Core.Tests.Journaling.PowerCuts;

/// <summary>Notes how far the disk was when it was called.</summary>
internal sealed class MomentWaiter(SimulatedDisk disk) : ILogWaiter
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TaskCompletionSource<int> _kept = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Waits for the ticket, and tells when it was decided.</summary>
    public static Task<int> DecidedAsync(ILog log, long ticket, SimulatedDisk disk)
    {
        var waiter = new MomentWaiter(disk);
        return log.WaitUntilKept(ticket, waiter) ? waiter._kept.Task.WaitAsync(Patience) : Task.FromResult(disk.Position);
    }

    public void OnKept() => _kept.TrySetResult(disk.Position);

    public void OnSpace()
    {
    }
}
