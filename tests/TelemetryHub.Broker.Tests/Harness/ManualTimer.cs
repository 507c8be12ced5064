namespace TelemetryHub.Broker.Tests.Harness;

/// <summary>A timer of <see cref="ManualTime"/>, whose lock guards what it says of itself.</summary>
internal sealed class ManualTimer(ManualTime time, Action call) : ITimer
{
    public Action Call { get; } = call;

    public DateTimeOffset DueAt { get; set; }

    public TimeSpan Period { get; set; }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        time.Schedule(this, dueTime, period);
        return true;
    }

    public void Dispose() => time.Schedule(this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
