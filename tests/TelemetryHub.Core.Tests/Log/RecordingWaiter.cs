using TelemetryHub.Core.Log;

namespace TelemetryHub.Core.Tests.Log;

/// <summary>Counts the calls and lets the test wait for the first of each.</summary>
internal sealed class RecordingWaiter : ILogWaiter
{
    private readonly TaskCompletionSource _kept = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _space = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _spaceCalls;

    public Task Kept => _kept.Task;

    public Task Space => _space.Task;

    public int SpaceCalls => Volatile.Read(ref _spaceCalls);

    public void OnKept() => _kept.TrySetResult();

    public void OnSpace()
    {
        Interlocked.Increment(ref _spaceCalls);
        _space.TrySetResult();
    }
}
