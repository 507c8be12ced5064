using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Feeds.Control;
using TelemetryHub.Server.Feeds;

namespace TelemetryHub.Server.Tests.Feeds;

public class RefusalTests
{
    private const string EventStream = "text/event-stream";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wrong_parameter_is_a_problem_that_names_it()
    {
        await using var hub = await FeedHub.StartAsync();
        using var client = hub.Client();
        using var answer = await client.GetAsync("/events?topic=a&evry=1s", Cancel);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel));
        problem.RootElement.GetProperty("parameter").GetString().ShouldBe("evry");
        problem.RootElement.GetProperty("detail").GetString().ShouldBe("There is no parameter 'evry'; did you mean 'every'?");
        problem.RootElement.GetProperty("status").GetInt32().ShouldBe(400);
    }

    [Fact]
    public async Task A_browser_is_told_once_in_its_stream_and_never_comes_back_after_the_second_time()
    {
        await using var hub = await FeedHub.StartAsync();
        using var client = hub.Client();

        var (status, lines) = await GetStreamAsync(client, "/events?topic=a/%23/b");
        status.ShouldBe(HttpStatusCode.OK);
        lines[0].ShouldMatch("^retry: [0-9]+$");
        int.Parse(lines[0][7..]).ShouldBeInRange(30_000, 90_000);
        lines[1..].ShouldBe(
        [
            "id: refused",
            "event: bye",
            "data: {\"reason\":\"bad-request\",\"parameter\":\"topic\",\"detail\":\"'a/#/b' is not a topic filter (plant/oven-3/temp, plant/+/temp, plant/#).\"}",
            "",
            "",
        ]);

        (status, lines) = await GetStreamAsync(client, "/events?topic=a/%23/b", lastEventId: "refused");
        status.ShouldBe(HttpStatusCode.NoContent);
        lines.ShouldBe([""]);
    }

    [Fact]
    public async Task A_browser_that_had_a_cursor_is_told_as_well()
    {
        await using var hub = await FeedHub.StartAsync();
        using var client = hub.Client();
        var (status, lines) = await GetStreamAsync(client, "/events", lastEventId: "0f-17");

        status.ShouldBe(HttpStatusCode.OK);
        lines.ShouldContain("event: bye");
    }

    [Fact]
    public async Task What_is_not_allowed_is_told_both_ways()
    {
        await using var hub = await FeedHub.StartAsync(services => services.AddSingleton<IAccess>(new OnlyBelow("mine/#")));
        using var client = hub.Client();

        (await client.GetAsync("/events?topic=%23", Cancel)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var (status, lines) = await GetStreamAsync(client, "/events?topic=%23");
        status.ShouldBe(HttpStatusCode.OK);
        lines.ShouldContain("data: {\"reason\":\"forbidden\",\"parameter\":\"topic\",\"detail\":\"Reading '#' is not allowed.\"}");
    }

    [Fact]
    public async Task Who_finds_the_hub_full_is_told_when_to_come_back()
    {
        await using var hub = await FeedHub.StartAsync(("Feeds:MaxReaders", "1"), ("Feeds:RetryDelay", "2s"));
        hub.Services.GetRequiredService<Admission>().Enter().ShouldBe(ByeReason.None);
        using var client = hub.Client();

        using var answer = await client.GetAsync("/events?topic=a", Cancel);
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15));

        var (status, lines) = await GetStreamAsync(client, "/events?topic=a");
        status.ShouldBe(HttpStatusCode.OK);
        int.Parse(lines[0]["retry: ".Length..]).ShouldBeInRange(5000, 15_000);
        lines.ShouldContain("data: {\"reason\":\"overload\",\"detail\":\"The hub has as many readers as it may have (Feeds:MaxReaders).\"}");
        lines.ShouldNotContain(line => line.StartsWith("id:"));
        hub.Services.GetRequiredService<Admission>().Leave();
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/json;q=0, image/png")]
    public async Task A_client_that_takes_none_of_the_transports_is_told_which_there_are(string accept)
    {
        await using var hub = await FeedHub.StartAsync();
        using var client = hub.Client();
        client.DefaultRequestHeaders.Add("Accept", accept);
        using var answer = await client.GetAsync("/events?topic=a", Cancel);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotAcceptable);
        (await answer.Content.ReadAsStringAsync(Cancel)).ShouldContain("application/x-ndjson");
        answer.Headers.Vary.ShouldBe(["Origin", "Accept"]);
    }

    [Fact]
    public async Task The_head_alone_opens_nothing()
    {
        await using var hub = await FeedHub.StartAsync();
        using var client = hub.Client();
        using var answer = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/events?topic=a"), Cancel);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/event-stream; charset=utf-8");
        hub.Services.GetRequiredService<Admission>().Count.ShouldBe(0);
        (await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/events"), Cancel)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Other_methods_are_refused_with_those_that_there_are()
    {
        await using var hub = await FeedHub.StartAsync();
        using var client = hub.Client();
        using var answer = await client.DeleteAsync("/events?topic=a", Cancel);

        answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        answer.Content.Headers.Allow.ShouldContain("GET");
    }

    private static async Task<(HttpStatusCode Status, string[] Lines)> GetStreamAsync(HttpClient client, string address, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "Accept", EventStream } } };
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        using var answer = await client.SendAsync(request, Cancel);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        if (answer.StatusCode == HttpStatusCode.OK)
            answer.Content.Headers.ContentType!.MediaType.ShouldBe(EventStream);
        return (answer.StatusCode, text.Split('\n'));
    }
}
