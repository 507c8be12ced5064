namespace TelemetryHub.Broker.Tests.Harness;

/// <summary>
/// Time that passes when a test says so. Timers that are due are called by the thread that advances, in the order in which they are
/// due; a period that was missed several times is called once, as after a suspended process.
/// </summary>
internal sealed class ManualTime(DateTimeOffset now) : TimeProvider
{
    private readonly Lock _gate = new(); // guards the time and the timers
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = now;

    public ManualTime()
        : this(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return _now;
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        lock (_gate)
            _now += by;
        while (TakeDue() is { } due)
            due.Call();
    }

    public void AdvanceSeconds(double seconds) => Advance(TimeSpan.FromSeconds(seconds));

    internal void Schedule(ManualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
            if (dueTime == Timeout.InfiniteTimeSpan)
                return;
            (timer.DueAt, timer.Period) = (_now + dueTime, period);
            _timers.Add(timer);
        }
    }

    private ManualTimer? TakeDue()
    {
        lock (_gate)
        {
            if (_timers.Where(timer => timer.DueAt <= _now).MinBy(timer => timer.DueAt) is not { } due)
                return null;
            if (due.Period > TimeSpan.Zero)
                due.DueAt += due.Period * (((_now - due.DueAt).Ticks / due.Period.Ticks) + 1);
            else
                _timers.Remove(due);
            return due;
        }
    }
}
