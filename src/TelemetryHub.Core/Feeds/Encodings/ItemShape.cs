namespace TelemetryHub.Core.Feeds.Encodings;

/// <summary>Which members items have.</summary>
/// <param name="Format">What of an event.</param>
/// <param name="Subscription">Which subscription they belong to; null when that needs no telling.</param>
/// <param name="IsWhole">Whether type and id are members; in SSE they are fields of their own.</param>
internal readonly record struct ItemShape(EventFormat Format, string? Subscription, bool IsWhole);
