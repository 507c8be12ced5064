namespace TelemetryHub.Core.Tests.Journaling.Disks;

/// <summary>Keeps syncs from coming back until released: a disk that is slow for as long as the test likes.</summary>
public sealed class SyncHold
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A sync is being held.</summary>
    public Task Reached => _reached.Task;

    /// <summary>Lets all go on.</summary>
    public void Release() => _released.TrySetResult();

    internal void Pass()
    {
        _reached.TrySetResult();
        _released.Task.GetAwaiter().GetResult(); // the caller is the thread that syncs: blocking it is the purpose
    }
}
