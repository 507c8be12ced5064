namespace TelemetryHub.Broker.Tests.Recovery;

/// <summary>A delivery of a <see cref="NaiveSession"/>; route and copy as text.</summary>
internal sealed record NaiveDelivery(long Ordinal, long Sequence, string Route, string? Copy)
{
    public bool IsReleased { get; set; }
}
