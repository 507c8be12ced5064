using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using TelemetryHub.Core.Feeds;
using TelemetryHub.Server.Feeds;
using TelemetryHub.Server.Feeds.Polling;

namespace TelemetryHub.Server.Tests.Feeds.Polling;

public class PollTests
{
    private readonly WaitingPolls _polls = new(TimeSpan.FromMinutes(1));

    [Fact]
    public async Task Without_a_cursor_it_is_answered_at_once_with_the_newest()
    {
        await using var hub = await FeedHub.StartAsync();
        await PublishAsync(hub, "t", "1");

        var answer = await PollAsync(hub, "topic=t");

        answer.Events.ShouldBeEmpty();
        await PublishAsync(hub, "t", "2", "3");
        Payloads(await PollAsync(hub, $"topic=t&since={answer.Next}")).ShouldBe(["2", "3"]);
    }

    [Fact]
    public async Task It_waits_until_there_is_something()
    {
        await using var hub = await FeedHub.StartAsync(services => services.AddSingleton<TimeProvider>(_polls));
        var start = await PollAsync(hub, "topic=a/%23");
        var polling = PollAsync(hub, $"topic=a/%23&since={start.Next}&wait=1m");
        await _polls.NextAsync();

        await PublishAsync(hub, "b", "not this one");
        await PublishAsync(hub, "a/1", "this one");

        var answer = await polling;
        Payloads(answer).ShouldBe(["this one"]);
        answer.Events[0].GetProperty("topic").GetString().ShouldBe("a/1");
        answer.Next.ShouldBe(answer.Events[0].GetProperty("id").GetString());
        hub.Services.GetRequiredService<FeedTable>().ReaderCount.ShouldBe(0);
        hub.Services.GetRequiredService<Admission>().Count.ShouldBe(0);
    }

    [Fact]
    public async Task The_cursor_goes_on_although_nothing_matches()
    {
        await using var hub = await FeedHub.StartAsync();
        var start = await PollAsync(hub, "topic=a");
        await PublishAsync(hub, "b", "1", "2", "3");

        var answer = await PollAsync(hub, $"topic=a&since={start.Next}&wait=0");

        answer.Events.ShouldBeEmpty();
        Sequence(answer.Next).ShouldBe(Sequence(start.Next) + 3);
    }

    [Fact]
    public async Task An_answer_that_was_lost_is_given_again_for_the_old_cursor()
    {
        await using var hub = await FeedHub.StartAsync();
        var start = await PollAsync(hub, "topic=t");
        await PublishAsync(hub, "t", "1", "2");
        var lost = await PollAsync(hub, $"topic=t&since={start.Next}");
        await PublishAsync(hub, "t", "3");

        Payloads(await PollAsync(hub, $"topic=t&since={start.Next}")).ShouldBe(["1", "2", "3"]);
        Payloads(await PollAsync(hub, $"topic=t&since={lost.Next}")).ShouldBe(["3"]);
    }

    [Fact]
    public async Task What_is_more_than_the_limit_comes_with_the_next()
    {
        await using var hub = await FeedHub.StartAsync();
        await PublishAsync(hub, "t", [.. Enumerable.Range(1, 25).Select(i => $"{i}")]);
        var seen = new List<string>();
        var since = "earliest";
        for (var polls = 0; polls < 3; polls++)
        {
            var answer = await PollAsync(hub, $"topic=t&since={since}&limit=10&wait=0");
            seen.AddRange(Payloads(answer));
            since = answer.Next;
        }

        seen.ShouldBe(Enumerable.Range(1, 25).Select(i => $"{i}"));
    }

    [Fact]
    public async Task An_answer_is_bounded_in_bytes()
    {
        await using var hub = await FeedHub.StartAsync();
        await PublishAsync(hub, "t", [.. Enumerable.Range(0, 40).Select(i => new string((char)('a' + (i % 26)), 100_000))]);
        var seen = new List<string>();
        var since = "earliest";
        while (seen.Count < 40)
        {
            var answer = await PollAsync(hub, $"topic=t&since={since}&wait=0");
            answer.Bytes.ShouldBeLessThan(1_400_000);
            seen.AddRange(Payloads(answer));
            since = answer.Next;
        }

        seen.Select(payload => payload[0]).ShouldBe(Enumerable.Range(0, 40).Select(i => (char)('a' + (i % 26))));
    }

    [Fact]
    public async Task While_answers_that_nobody_takes_fill_the_memory_others_are_told_to_come_later()
    {
        await using var hub = await FeedHub.StartAsync();
        var budget = hub.Services.GetRequiredService<PollBudget>();
        await PublishAsync(hub, "t", "1");
        using var client = hub.Client();
        client.DefaultRequestHeaders.Accept.ParseAdd("application/json");

        budget.Hold((int)PollBudget.MaxBytes);
        using var refused = await client.GetAsync("/events?topic=t&since=earliest", TestContext.Current.CancellationToken);
        budget.Hold(-(int)PollBudget.MaxBytes);
        var answer = await PollAsync(hub, "topic=t&since=earliest");

        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        refused.Headers.RetryAfter.ShouldNotBeNull();
        Payloads(answer).ShouldBe(["1"]);
        await hub.StopAsync();
        budget.Held.ShouldBe(0);
    }

    [Fact]
    public async Task A_client_that_knows_only_tags_gets_what_is_new_and_304_otherwise()
    {
        await using var hub = await FeedHub.StartAsync();
        var start = await PollAsync(hub, "topic=t&wait=0");
        start.Tag.ShouldBe($"\"{start.Next}\"");
        var unchanged = await PollAsync(hub, "topic=t&wait=0", start.Tag);
        unchanged.Status.ShouldBe(HttpStatusCode.NotModified);

        await PublishAsync(hub, "other", "x");
        var moved = await PollAsync(hub, "topic=t&wait=0", unchanged.Tag);
        (moved.Status, moved.Bytes).ShouldBe((HttpStatusCode.NotModified, 0));
        moved.Tag.ShouldNotBe(unchanged.Tag);

        await PublishAsync(hub, "t", "1");
        var changed = await PollAsync(hub, "topic=t&wait=0", moved.Tag);
        changed.Status.ShouldBe(HttpStatusCode.OK);
        Payloads(changed).ShouldBe(["1"]);
        (await PollAsync(hub, $"topic=t&wait=0&since={changed.Next}", changed.Tag)).Status.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task What_the_hub_has_to_say_is_among_the_events()
    {
        await using var hub = await FeedHub.StartAsync();
        await PublishAsync(hub, "t/1", "1", "2");
        await PublishAsync(hub, "t/2", "3");

        var reset = await PollAsync(hub, "topic=t/%23&since=another-5");
        reset.Events.ShouldHaveSingleItem().GetProperty("reason").GetString().ShouldBe("epoch");
        var snapshot = await PollAsync(hub, "topic=t/%23&snapshot");
        snapshot.Events.Select(item => item.TryGetProperty("type", out var type) ? type.GetString() : item.GetProperty("payload").ToString())
            .ShouldBe(["2", "3", "snapshot-end"]);
        (await PollAsync(hub, $"topic=t/%23&wait=0&since={snapshot.Next}")).Events.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_client_that_goes_leaves_nothing_behind()
    {
        await using var hub = await FeedHub.StartAsync(services => services.AddSingleton<TimeProvider>(_polls));
        var start = await PollAsync(hub, "topic=t");
        using var gone = new CancellationTokenSource();
        var polling = PollAsync(hub, $"topic=t&since={start.Next}&wait=1m", cancellation: gone.Token);
        await _polls.NextAsync();

        await gone.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(polling);
        await hub.Services.GetRequiredService<Admission>().CloseAsync();
        hub.Services.GetRequiredService<FeedTable>().ReaderCount.ShouldBe(0);
    }

    [Fact]
    public async Task A_hub_that_stops_answers_who_waits()
    {
        await using var hub = await FeedHub.StartAsync(services => services.AddSingleton<TimeProvider>(_polls));
        var start = await PollAsync(hub, "topic=t");
        var polling = PollAsync(hub, $"topic=t&since={start.Next}&wait=1m");
        await _polls.NextAsync();

        await hub.StopAsync();

        var answer = await polling;
        answer.Events.ShouldHaveSingleItem().GetProperty("type").GetString().ShouldBe("bye");
        answer.Next.ShouldBe(start.Next);
    }

    [Theory]
    [InlineData("topic=t&limit=0", "limit")]
    [InlineData("topic=t&limit=10001", "limit")]
    [InlineData("topic=t&wait=-1s", "wait")]
    [InlineData("topic=t&since=nonsense", "since")]
    public async Task A_wrong_parameter_is_a_problem(string query, string parameter)
    {
        await using var hub = await FeedHub.StartAsync();
        using var client = hub.Client();
        client.DefaultRequestHeaders.Accept.ParseAdd("application/json");

        using var response = await client.GetAsync($"/events?{query}", TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement.GetProperty("parameter").GetString().ShouldBe(parameter);
    }

    [Fact]
    public async Task A_stream_has_no_limit()
    {
        await using var hub = await FeedHub.StartAsync();
        using var client = hub.Client();
        client.DefaultRequestHeaders.Accept.ParseAdd("application/x-ndjson");

        using var response = await client.GetAsync("/events?topic=t&limit=5", TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private static async Task<Answer> PollAsync(FeedHub hub, string query, string? tag = null, CancellationToken? cancellation = null)
    {
        using var client = hub.Client();
        client.DefaultRequestHeaders.Accept.ParseAdd("application/json");
        if (tag is not null)
            client.DefaultRequestHeaders.IfNoneMatch.Add(EntityTagHeaderValue.Parse(tag));
        using var response = await client.GetAsync($"/events?{query}", cancellation ?? TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        if (response.StatusCode == HttpStatusCode.NotModified)
            return new Answer(response.StatusCode, response.Headers.ETag!.ToString(), [], "", body.Length);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, Encoding.UTF8.GetString(body));
        var answer = JsonDocument.Parse(body).RootElement;
        return new Answer(response.StatusCode, response.Headers.ETag!.ToString(), [.. answer.GetProperty("events").EnumerateArray()], answer.GetProperty("next").GetString()!, body.Length);
    }

    private static async Task PublishAsync(FeedHub hub, string topic, params string[] payloads)
    {
        using var client = hub.Client();
        using var body = new StringContent(string.Join('\n', payloads), Encoding.UTF8, "application/x-ndjson");
        using var response = await client.PostAsync($"/events/{topic}", body, TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static List<string> Payloads(Answer answer) => [.. answer.Events.Select(item => item.GetProperty("payload").ToString())];

    private static long Sequence(string cursor) => long.Parse(cursor[(cursor.LastIndexOf('-') + 1)..], System.Globalization.CultureInfo.InvariantCulture);

    private sealed record Answer(HttpStatusCode Status, string Tag, List<JsonElement> Events, string Next, int Bytes);
}
