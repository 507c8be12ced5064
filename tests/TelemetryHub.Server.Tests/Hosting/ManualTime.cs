namespace TelemetryHub.Server.Tests.Hosting;

/// <summary>A clock that stands still; the test fires the timers.</summary>
internal sealed class ManualTime : TimeProvider
{
    private TimerCallback? _callback;
    private object? _state;

    /// <summary>When the last timer is due; null = never.</summary>
    public TimeSpan? Due { get; private set; }

    public void Fire() => _callback!(_state);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        (_callback, _state) = (callback, state);
        return new ManualTimer(this);
    }

    private sealed class ManualTimer(ManualTime time) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            time.Due = dueTime;
            return true;
        }

        public void Dispose() => time.Due = null;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
