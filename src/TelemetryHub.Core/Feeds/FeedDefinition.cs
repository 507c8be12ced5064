using TelemetryHub.Core.Access;
using TelemetryHub.Core.Feeds.Encodings;
using TelemetryHub.Core.Feeds.Queries;

namespace TelemetryHub.Core.Feeds;

/// <summary>What a feed carries and how it is written. Readers with equal definitions share one feed: one ring, one encoded form.</summary>
/// <param name="Principal">Who reads: what the rules are asked about.</param>
/// <param name="Filters">Which topics.</param>
/// <param name="Encoding">How events are written.</param>
public sealed record FeedDefinition(Principal Principal, FilterSet Filters, IEventEncoding Encoding)
{
    /// <summary>At most one event per topic in this time, the newest; zero = every event.</summary>
    public TimeSpan Every { get; init; }

    /// <summary>Only events whose payload fulfils this.</summary>
    public PayloadCondition? Where { get; init; }

    /// <summary>Only these fields of the payload.</summary>
    public FieldSelection? Fields { get; init; }
}
