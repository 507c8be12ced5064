namespace TelemetryHub.Core.Routing;

/// <summary>Everything that one topic's events reach, as of one version of the subscriptions.</summary>
internal sealed record RouteSet(long Version, Route[] Direct, ShareMatch[] Shared)
{
    public bool IsEmpty => Direct.Length == 0 && Shared.Length == 0;
}
