using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Feeds;
using TelemetryHub.Core.Feeds.Control;
using TelemetryHub.Core.Feeds.Encodings;
using TelemetryHub.Server.Configuration;
using TelemetryHub.Server.Feeds;
using TelemetryHub.Server.Feeds.Requests;
using TelemetryHub.Server.Mqtt;

namespace TelemetryHub.Server.Tests.Feeds.Requests;

public class FeedRequestReaderTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private static readonly Principal Anybody = new("", null);

    [Fact]
    public void A_topic_is_all_that_is_needed()
    {
        var request = Read("?topic=plant/%2B/temp");

        request.Filters.ToString().ShouldBe("plant/+/temp");
        request.Start.ShouldBe(FeedStart.Live);
        request.Snapshot.ShouldBeFalse();
        request.Every.ShouldBe(TimeSpan.Zero);
        request.Overflow.ShouldBe(OverflowPolicy.Gap);
        request.Format.ShouldBe(EventFormat.Event);
        request.Heartbeat.ShouldBe(TimeSpan.FromSeconds(15));
        request.Where.ShouldBeNull();
        request.Fields.ShouldBeNull();
        request.Wait.ShouldBeNull();
    }

    [Fact]
    public void Everything_can_be_said_at_once_in_any_case_of_the_names()
    {
        var request = Read("?topic=b&TOPIC=a/%23&snapshot=true&every=250ms&overflow=Replay&where=temp>30&fields=temp,hum&format=payload&heartbeat=5&Wait=25s");

        request.Filters.ToString().ShouldBe("a/#, b");
        request.Snapshot.ShouldBeTrue();
        request.Every.ShouldBe(TimeSpan.FromMilliseconds(250));
        request.Overflow.ShouldBe(OverflowPolicy.Replay);
        request.Where!.ToString().ShouldBe("temp>30");
        request.Fields!.ToString().ShouldBe("temp,hum");
        request.Format.ShouldBe(EventFormat.Payload);
        request.Heartbeat.ShouldBe(TimeSpan.FromSeconds(5));
        request.Wait.ShouldBe(TimeSpan.FromSeconds(25));
    }

    [Theory]
    [InlineData("?topic=plant/+/temp", "plant/+/temp")]
    [InlineData("?topic=+", "+")]
    [InlineData("?topic=+/+/%23", "+/+/#")]
    [InlineData("?topic=my+device/temp", "my device/temp")]
    public void A_plus_that_is_a_whole_level_is_the_wildcard_although_a_url_means_a_blank(string query, string filters) =>
        Read(query).Filters.ToString().ShouldBe(filters);

    [Theory]
    [InlineData("?topic=a&snapshot", true)]
    [InlineData("?topic=a&snapshot=1", true)]
    [InlineData("?topic=a&snapshot=false", false)]
    [InlineData("?topic=a&snapshot=0", false)]
    public void A_switch_is_on_when_it_is_named(string query, bool on) => Read(query).Snapshot.ShouldBe(on);

    [Theory]
    [InlineData("?topic=a&since=", "")]
    [InlineData("?topic=a&since=0f-17", "0f-17")]
    [InlineData("?topic=a&since=0f-17&lastEventId=0f-18", "0f-18")]
    [InlineData("?topic=a&since=10m&lastEventId=", "2026-01-31T11:50:00")]
    [InlineData("?topic=a&since=90s", "2026-01-31T11:58:30")]
    [InlineData("?topic=a&since=2h", "2026-01-31T10:00:00")]
    [InlineData("?topic=a&since=1d", "2026-01-30T12:00:00")]
    [InlineData("?topic=a&since=999999d", "earliest")]
    [InlineData("?topic=a&since=earliest", "earliest")]
    [InlineData("?topic=a&since=2026-01-31T10:30:00Z", "2026-01-31T10:30:00")]
    [InlineData("?topic=a&since=2026-01-31T10:30:00+01:00", "2026-01-31T09:30:00")]
    [InlineData("?topic=a&since=2026-01-31T10:30:00.123456789Z", "2026-01-31T10:30:00")]
    [InlineData("?topic=a&lastEventId=whatever", "unknown")]
    [InlineData("?topic=a&since=0f-17&lastEventId=refused", "")]
    public void A_reader_begins_where_it_says(string query, string expected) => Text(Read(query).Start).ShouldBe(expected);

    [Theory]
    [InlineData("", "topic", "A topic filter is missing: topic=plant/%2B/temp (in a URL '+' is written %2B, and '#' %23).")]
    [InlineData("?topic=", "topic", "'' is not a topic filter (plant/oven-3/temp, plant/+/temp, plant/#).")]
    [InlineData("?topic=a&topic=b/%23/c", "topic", "'b/#/c' is not a topic filter (plant/oven-3/temp, plant/+/temp, plant/#).")]
    [InlineData("?topic=$share/g/a", "topic", "'$share/g/a' is a shared subscription, which only MQTT has.")]
    [InlineData("?topic=aaaaaaaaaaaaaaaaaaaaa", "topic", "'aaaaaaaaaaaaaaaaaaaaa' is longer than 20 bytes.")]
    [InlineData("?topic=a/b/c/d/e", "topic", "'a/b/c/d/e' has more than 4 levels.")]
    [InlineData("?topic=a&topic=b&topic=c&topic=d", "topic", "4 topic filters are more than the 3 that one reader may have.")]
    [InlineData("?topics=a", "topics", "There is no parameter 'topics'; did you mean 'topic'?")]
    [InlineData("?topic=a&since=yesterday", "since", "'yesterday' is neither a cursor, nor a time (2026-01-31T12:00:00Z), nor an age (90s, 10m, 2h, 1d), nor 'earliest'.")]
    [InlineData("?topic=a&since=2026-01-31T10:30:00", "since", null)]
    [InlineData("?topic=a&since=2026-01-31T10:30:0099Z", "since", null)]
    [InlineData("?topic=a&since=2026-13-31T10:30:00Z", "since", null)]
    [InlineData("?topic=a&since=2026-01-31", "since", null)]
    [InlineData("?topic=a&since=1m&since=2m", "since", "'since' is given 2 times.")]
    [InlineData("?topic=a&since=0f-17&lastEventId=a-1&lastEventId=a-2", "lastEventId", "'lastEventId' is given 2 times.")]
    [InlineData("?topic=a&snapshot=maybe", "snapshot", "'maybe' is neither true nor false.")]
    [InlineData("?topic=a&every=1", "every", "'1' is not a duration (250ms, 10s, 5m, 24h, 7d).")]
    [InlineData("?topic=a&every=1ms", "every", "'1ms' is less than 10ms, the shortest allowed.")]
    [InlineData("?topic=a&every=2d", "every", "'2d' is more than 1d, the longest allowed.")]
    [InlineData("?topic=a&overflow=drop", "overflow", "'drop' is none of gap, replay, latest, close.")]
    [InlineData("?topic=a&overflow=1", "overflow", "'1' is none of gap, replay, latest, close.")]
    [InlineData("?topic=a&format=xml", "format", "'xml' is none of event, payload.")]
    [InlineData("?topic=a&heartbeat=0", "heartbeat", "'0' is less than 1s, the shortest allowed.")]
    [InlineData("?topic=a&heartbeat=3601", "heartbeat", "'3601' is more than 1h, the longest allowed.")]
    [InlineData("?topic=a&heartbeat=often", "heartbeat", "'often' is not a duration (250ms, 10s, 5m, 24h, 7d).")]
    [InlineData("?topic=a&wait=6m", "wait", "'6m' is more than 5m, the longest allowed.")]
    public void What_is_wrong_is_told_with_its_parameter_and_the_reason(string query, string parameter, string? detail)
    {
        Reader().TryRead(Anybody, QueryTexts.Of(Query(query)), out _, out var problem).ShouldBeFalse();

        problem.Parameter.ShouldBe(parameter);
        if (detail is not null)
            problem.Detail.ShouldBe(detail);
    }

    [Fact]
    public void An_answer_does_not_repeat_a_long_text()
    {
        Reader().TryRead(Anybody, QueryTexts.Of(Query($"?topic=a&overflow={new string('x', 5000)}")), out _, out var value).ShouldBeFalse();
        value.Detail.Length.ShouldBeLessThan(200);
        Reader().TryRead(Anybody, QueryTexts.Of(Query($"?topic=a&{new string('x', 5000)}=1")), out _, out var name).ShouldBeFalse();
        (name.Detail.Length + name.Parameter.Length).ShouldBeLessThan(300);
    }

    [Fact]
    public void A_condition_has_a_longest_length()
    {
        Reader().TryRead(Anybody, QueryTexts.Of(Query($"?topic=a&where={new string('x', 2001)}")), out _, out var problem).ShouldBeFalse();
        problem.Parameter.ShouldBe("where");
        problem.Detail.ShouldEndWith("is longer than 1000 characters.");
    }

    [Fact]
    public void The_header_wins_over_what_the_url_says()
    {
        var http = new DefaultHttpContext { Request = { QueryString = new QueryString("?topic=a&since=10m&lastEventId=0f-1") } };
        http.Request.Headers["Last-Event-ID"] = "0f-2";
        Reader().TryRead(Anybody, QueryTexts.Of(http.Request), out var request, out _).ShouldBeTrue();
        Text(request!.Start).ShouldBe("0f-2");

        http.Request.Headers["Last-Event-ID"] = "";
        Reader().TryRead(Anybody, QueryTexts.Of(http.Request), out request, out _).ShouldBeTrue();
        Text(request!.Start).ShouldBe("0f-1");
    }

    [Fact]
    public void Messages_are_read_the_same_way()
    {
        KeyValuePair<string, StringValues>[] texts = [new("topic", new StringValues(["a", "b"])), new("every", "1s")];

        Reader().TryRead(Anybody, texts, out var request, out _).ShouldBeTrue();
        request!.Filters.ToString().ShouldBe("a, b");
        request.Every.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_filter_that_the_rules_do_not_allow_is_told_as_such()
    {
        Reader(new OnlyBelow("mine/#")).TryRead(Anybody, QueryTexts.Of(Query("?topic=mine/%23&topic=%23")), out _, out var problem).ShouldBeFalse();
        problem.ShouldBe(new RequestProblem("topic", "Reading '#' is not allowed.", ByeReason.Forbidden));
        Reader(new OnlyBelow("mine/#")).TryRead(Anybody, QueryTexts.Of(Query("?topic=mine/%23")), out _, out _).ShouldBeTrue();
    }

    private static FeedRequest Read(string query)
    {
        Reader().TryRead(Anybody, QueryTexts.Of(Query(query)), out var request, out var problem).ShouldBeTrue(problem.ToString());
        return request!;
    }

    private static FeedRequestReader Reader(IAccess? access = null) => new(
        new FeedsOptions { MaxFilters = 3 },
        new MqttOptions { MaxTopicBytes = new ByteSize(20), MaxTopicLevels = 4 },
        access ?? new AllowAll(),
        new StandingTime(Now));

    private static HttpRequest Query(string query) => new DefaultHttpContext { Request = { QueryString = new QueryString(query) } }.Request;

    private static string Text(FeedStart start) =>
        start.Cursor?.ToString()
        ?? start.Time?.UtcDateTime.ToString("s")
        ?? (start.IsEarliest ? "earliest" : start.IsUnknown ? "unknown" : "");
}
