namespace TelemetryHub.Server.Tests.Feeds.Requests;

/// <summary>It is always the same time.</summary>
internal sealed class StandingTime(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
