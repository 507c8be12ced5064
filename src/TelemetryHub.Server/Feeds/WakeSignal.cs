namespace TelemetryHub.Server.Feeds;

/// <summary>One waits, any number wake: for a request that waits for the log or for a feed. A wake before the wait is not lost, several are one.</summary>
internal sealed class WakeSignal
{
    private TaskCompletionSource _woken = New();

    /// <summary>Any thread. Who waits goes on elsewhere.</summary>
    public void Wake() => Volatile.Read(ref _woken).TrySetResult();

    /// <summary>Completes when it has been woken since it last completed. One caller.</summary>
    public async Task WaitAsync(CancellationToken cancellation)
    {
        await Volatile.Read(ref _woken).Task.WaitAsync(cancellation).ConfigureAwait(false);
        // Before the caller looks at what there is: who comes from now on wakes again.
        Interlocked.Exchange(ref _woken, New());
    }

    /// <summary>The same; also completes when the time is over. Who waits looks at <paramref name="end"/> then.</summary>
    public async Task WaitAsync(CancellationToken end, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(end, cancellation);
        await WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
