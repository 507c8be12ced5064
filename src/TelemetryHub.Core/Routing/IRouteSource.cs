namespace TelemetryHub.Core.Routing;

/// <summary>What stands in the filter tree: a <see cref="Subscription"/>, or a <see cref="ShareGroup"/> for all its members.</summary>
internal interface IRouteSource;
