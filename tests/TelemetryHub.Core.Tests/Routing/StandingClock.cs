namespace TelemetryHub.Core.Tests.Routing;

/// <summary>Time that passes when the test says so.</summary>
internal sealed class StandingClock : TimeProvider
{
    public long UnixMilliseconds { get; set; } = 1_000_000;

    public override long TimestampFrequency => 1_000;

    public override long GetTimestamp() => UnixMilliseconds;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(UnixMilliseconds);
}
