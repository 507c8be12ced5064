using TelemetryHub.Core.Access;
using TelemetryHub.Core.Feeds;
using TelemetryHub.Core.Feeds.Encodings;
using TelemetryHub.Core.Feeds.Queries;

namespace TelemetryHub.Server.Feeds.Requests;

/// <summary>What a reader asked for, read and checked; the same for every transport.</summary>
internal sealed record FeedRequest
{
    /// <summary>Which topics.</summary>
    public required FilterSet Filters { get; init; }

    /// <summary>Where it begins.</summary>
    public FeedStart Start { get; init; }

    /// <summary>Begin with the newest known event of every topic.</summary>
    public bool Snapshot { get; init; }

    /// <summary>At most one event per topic in this time; zero = every event.</summary>
    public TimeSpan Every { get; init; }

    /// <summary>When it is lapped.</summary>
    public OverflowPolicy Overflow { get; init; }

    /// <summary>Only events whose payload fulfils this.</summary>
    public PayloadCondition? Where { get; init; }

    /// <summary>Only these fields of the payload.</summary>
    public FieldSelection? Fields { get; init; }

    /// <summary>What of an event is written.</summary>
    public EventFormat Format { get; init; }

    /// <summary>How long nothing may be written before a heartbeat is.</summary>
    public TimeSpan Heartbeat { get; init; }

    /// <summary>How long a long-poll may wait for the first event; null when the reader did not say.</summary>
    public TimeSpan? Wait { get; init; }

    /// <summary>How many events a long-poll may answer with; null when the reader did not say.</summary>
    public int? Limit { get; init; }

    /// <summary>The feed that this reader shares with others who ask for the same.</summary>
    public FeedDefinition Definition(Principal principal, IEventEncoding encoding) =>
        new(principal, Filters, encoding) { Every = Every, Where = Where, Fields = Fields };

    /// <summary>What is this reader's own.</summary>
    /// <param name="transport">What carries it: <c>sse</c>, <c>websocket</c>, <c>poll</c>, <c>ndjson</c>.</param>
    /// <param name="remote">The peer's address, for who looks.</param>
    public ReaderOptions Options(string transport, string? remote) => new()
    {
        Start = Start,
        Snapshot = Snapshot,
        Overflow = Overflow,
        Heartbeat = Heartbeat,
        Transport = transport,
        Remote = remote,
    };
}
