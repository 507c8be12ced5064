using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.Primitives;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Feeds;
using TelemetryHub.Core.Feeds.Control;
using TelemetryHub.Core.Feeds.Encodings;
using TelemetryHub.Core.Feeds.Queries;
using TelemetryHub.Mqtt.Topics;
using TelemetryHub.Server.Configuration.Kinds;
using TelemetryHub.Server.Mqtt;

namespace TelemetryHub.Server.Feeds.Requests;

/// <summary>Reads what a reader asks for from texts with names, whether they came in a query or in a message. Everything has a limit.</summary>
internal sealed class FeedRequestReader(FeedsOptions feeds, MqttOptions mqtt, IAccess access, TimeProvider time)
{
    /// <summary>Every parameter there is.</summary>
    public static readonly IReadOnlyList<string> Names =
        ["topic", "since", "lastEventId", "snapshot", "every", "overflow", "where", "fields", "format", "heartbeat", "wait", "limit"];

    private const int MostLimit = 10_000;

    // More often than this nobody can look, and every topic of a feed has its own turn.
    private static readonly TimeSpan LeastEvery = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan MostEvery = TimeSpan.FromDays(1);
    private static readonly TimeSpan LeastHeartbeat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MostHeartbeat = TimeSpan.FromHours(1);
    private static readonly TimeSpan MostWait = TimeSpan.FromMinutes(5);

    private static readonly DurationKind Durations = new();
    private static readonly SwitchKind Switches = new();

    /// <summary>What a request over HTTP asks for, or what is wrong with it.</summary>
    public bool TryRead(HttpContext context, [NotNullWhen(true)] out FeedRequest? request, out RequestProblem problem) =>
        TryRead(ReaderIdentity.Of(context), QueryTexts.Of(context.Request), out request, out problem);

    /// <summary>The same from names and values, wherever they come from.</summary>
    public bool TryRead(
        Principal principal,
        IEnumerable<KeyValuePair<string, StringValues>> texts,
        [NotNullWhen(true)] out FeedRequest? request,
        out RequestProblem problem)
    {
        var parameters = new Parameters(texts, Names);
        var filters = Filters(parameters);
        var since = parameters.One("since", FeedStart.Live, TryReadStart);
        var read = new FeedRequest
        {
            Filters = filters,
            Start = parameters.One("lastEventId", since, TryReadLastEventId),
            Snapshot = parameters.All("snapshot") is [""] || parameters.One<bool>("snapshot", false, TryReadSwitch),
            Every = parameters.One("every", TimeSpan.Zero, TryReadEvery),
            Overflow = parameters.One<OverflowPolicy>("overflow", default, TryReadWord),
            Where = parameters.One<PayloadCondition?>("where", null, PayloadCondition.TryParse),
            Fields = parameters.One<FieldSelection?>("fields", null, FieldSelection.TryParse),
            Format = parameters.One<EventFormat>("format", default, TryReadWord),
            Heartbeat = parameters.One("heartbeat", feeds.Heartbeat, TryReadHeartbeat),
            Wait = parameters.One<TimeSpan?>("wait", null, TryReadWait),
            Limit = parameters.One<int?>("limit", null, TryReadLimit),
        };
        var found = parameters.Problem ?? NotAllowed(principal, filters);
        problem = found.GetValueOrDefault();
        request = found is null ? read : null;
        return request is not null;
    }

    private RequestProblem? NotAllowed(Principal principal, FilterSet filters)
    {
        foreach (var filter in filters.Filters)
        {
            if (!access.MaySubscribe(principal, filter))
                return new RequestProblem("topic", $"Reading '{Parameters.Shown(filter.ToString())}' is not allowed.", ByeReason.Forbidden);
        }
        return null;
    }

    private FilterSet Filters(Parameters parameters)
    {
        var texts = parameters.All("topic");
        var filters = new List<TopicFilter>();
        if (texts.Count == 0)
            parameters.Fail("topic", "A topic filter is missing: topic=plant/%2B/temp (in a URL '+' is written %2B, and '#' %23).");
        if (texts.Count > feeds.MaxFilters)
            parameters.Fail("topic", $"{texts.Count} topic filters are more than the {feeds.MaxFilters} that one reader may have.");

        foreach (var text in texts.Take(feeds.MaxFilters))
        {
            if (ProblemOf(text!, out var filter) is { } problem)
                parameters.Fail("topic", $"'{Parameters.Shown(text!)}' {problem}.");
            else
                filters.Add(filter);
        }
        return new FilterSet(filters.Count > 0 ? filters : [TopicFilter.Parse("#")]); // the latter is never used: there was a problem
    }

    private string? ProblemOf(string text, out TopicFilter filter) =>
        !TopicFilter.TryParse(text, out filter) ? "is not a topic filter (plant/oven-3/temp, plant/+/temp, plant/#)"
        : filter.IsShared ? "is a shared subscription, which only MQTT has"
        : filter.Utf8.Length > mqtt.MaxTopicBytes.Bytes ? $"is longer than {mqtt.MaxTopicBytes.Bytes} bytes"
        : filter.Levels > mqtt.MaxTopicLevels ? $"has more than {mqtt.MaxTopicLevels} levels"
        : null;

    private bool TryReadStart(string text, out FeedStart start, out string? problem) =>
        StartText.TryParse(text, time.GetUtcNow(), out start, out problem);

    // From somebody who cannot be told by an error: what is no cursor makes a reset.
    private static bool TryReadLastEventId(string text, out FeedStart start, out string? problem)
    {
        (start, problem) = (StartText.OfLastEventId(text), null);
        return true;
    }

    private static bool TryReadSwitch(string text, out bool value, out string? problem)
    {
        var read = Switches.TryParse(text is "1" ? "true" : text is "0" ? "false" : text, out var flag, out problem);
        value = flag is true;
        return read;
    }

    private static bool TryReadWord<T>(string text, out T word, out string? problem)
        where T : struct, Enum
    {
        var read = new ChoiceKind(typeof(T)).TryParse(text, out var value, out problem);
        word = read ? (T)value! : default;
        return read;
    }

    private static bool TryReadEvery(string text, out TimeSpan every, out string? problem) =>
        TryReadDuration(text, out every, out problem) && (every == TimeSpan.Zero || IsWithin(every, LeastEvery, MostEvery, out problem));

    // Seconds; with a unit it is a duration as everywhere.
    private static bool TryReadHeartbeat(string text, out TimeSpan heartbeat, out string? problem)
    {
        var written = text.AsSpan().ContainsAnyExceptInRange('0', '9') ? text : text + "s";
        return TryReadDuration(written, out heartbeat, out problem) && IsWithin(heartbeat, LeastHeartbeat, MostHeartbeat, out problem);
    }

    private static bool TryReadWait(string text, out TimeSpan? wait, out string? problem)
    {
        var read = TryReadDuration(text, out var duration, out problem) && IsWithin(duration, TimeSpan.Zero, MostWait, out problem);
        wait = duration;
        return read;
    }

    private static bool TryReadLimit(string text, out int? limit, out string? problem)
    {
        var read = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= MostLimit;
        (limit, problem) = (number, read ? null : string.Create(CultureInfo.InvariantCulture, $"is not a number from 1 to {MostLimit}"));
        return read;
    }

    private static bool TryReadDuration(string text, out TimeSpan duration, out string? problem)
    {
        var read = Durations.TryParse(text, out var value, out problem);
        duration = read ? (TimeSpan)value! : TimeSpan.Zero;
        return read;
    }

    private static bool IsWithin(TimeSpan duration, TimeSpan least, TimeSpan most, out string? problem)
    {
        problem = duration < least ? $"is less than {Durations.Write(least)}, the shortest allowed"
            : duration > most ? $"is more than {Durations.Write(most)}, the longest allowed"
            : null;
        return problem is null;
    }
}
