using System.Globalization;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling.Inspection;
using TelemetryHub.Mqtt.Topics;
using TelemetryHub.Server.Tools;

namespace TelemetryHub.Server.Journaling.Commands;

/// <summary>Which events a dump shall show. The beginning belongs to it, the end does not.</summary>
internal sealed class DumpSelection
{
    public const string Topic = "--topic", From = "--from", To = "--to", Limit = "--limit";

    private readonly DumpPlace _from;
    private readonly DumpPlace _to;

    /// <summary>Reads the options.</summary>
    /// <exception cref="UsageException">One of them makes no sense.</exception>
    public DumpSelection(ToolCall call, string? epoch)
    {
        var now = call.Time.GetUtcNow();
        _from = call.Value(From) is { } from ? DumpPlace.Parse(From, from, epoch, now) : default;
        _to = call.Value(To) is { } to ? DumpPlace.Parse(To, to, epoch, now) : default;
        Filters = [.. call.Values(Topic).Select(ParseFilter)];
        MaxEvents = call.Value(Limit) is { } limit ? ParseLimit(limit) : long.MaxValue;
        if (_from.Sequence >= _to.Sequence || _from.Time >= _to.Time)
            throw new UsageException($"{From} must come before {To}");
    }

    /// <summary>The topics; none = all.</summary>
    public IReadOnlyList<TopicFilter> Filters { get; }

    /// <summary>How many events at most.</summary>
    public long MaxEvents { get; }

    /// <summary>The first sequence that can be meant.</summary>
    public long FirstSequence => _from.Sequence ?? 0;

    /// <summary>Whether an event of the segment can be meant.</summary>
    public bool Touches(SegmentFacts segment) =>
        segment.NextSequence > FirstSequence
        && segment.FirstSequence < (_to.Sequence ?? long.MaxValue)
        && segment.MaxTime >= (_from.Time ?? long.MinValue)
        && segment.MinTime < (_to.Time ?? long.MaxValue);

    /// <summary>Whether no later event can be meant.</summary>
    public bool IsPassed(Event @event) => @event.Sequence >= _to.Sequence;

    /// <summary>Whether the event is meant.</summary>
    public bool Includes(Event @event) =>
        !(@event.Sequence < _from.Sequence) && !(@event.Time < _from.Time) && !(@event.Time >= _to.Time)
        && (Filters.Count == 0 || Filters.Any(filter => filter.Matches(@event.Topic.Name)));

    private static TopicFilter ParseFilter(string text) => TopicFilter.TryParse(text, out var filter) && !filter.IsShared
        ? filter
        : throw new UsageException($"{Topic}: '{text}' is not a topic filter");

    private static long ParseLimit(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0
        ? limit
        : throw new UsageException($"{Limit}: '{text}' is not a number of events");
}
