namespace TelemetryHub.Broker.Operation;

/// <summary>The broker's two clocks, from one injected source.</summary>
internal sealed class Clock(TimeProvider time)
{
    private readonly long _perMillisecond = Math.Max(1, time.TimestampFrequency / 1000);

    /// <summary>Grows evenly; for intervals. Never 0.</summary>
    public long Milliseconds => (time.GetTimestamp() / _perMillisecond) + 1;

    /// <summary>The time of day; for what leaves the process.</summary>
    public long UnixMilliseconds => time.GetUtcNow().ToUnixTimeMilliseconds();
}
