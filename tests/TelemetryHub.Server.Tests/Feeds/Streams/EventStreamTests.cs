using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using TelemetryHub.Server.Feeds;

namespace TelemetryHub.Server.Tests.Feeds.Streams;

public class EventStreamTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Way.Server)]
    [InlineData(Way.Taken)]
    [InlineData(Way.Http2)]
    public async Task Events_come_as_they_are_published_and_a_reader_that_comes_back_goes_on_where_it_was(Way way)
    {
        await using var hub = await FeedHub.StartAsync();
        using var client = hub.Client(way);
        string last;
        using (var reader = await SseClient.OpenAsync(client, "/events?topic=plant/%2B/temp&format=payload"))
        {
            reader.Answer.Version.ShouldBe(way == Way.Http2 ? HttpVersion.Version20 : HttpVersion.Version11);
            await reader.NextCursorAsync();
            hub.Publish("plant/oven/temp", "1");
            hub.Publish("plant/oven/noise", "2");
            hub.Publish("plant/press/temp", "3\n4");
            (await reader.NextAsync()).ShouldBe(("message", "1"));
            last = reader.LastEventId;
            (await reader.NextAsync()).ShouldBe(("message", "3\n4"));
        }

        using var again = await SseClient.OpenAsync(client, "/events?topic=plant/%2B/temp&format=payload", last);
        (await again.NextAsync()).ShouldBe(("message", "3\n4"));
        hub.Publish("plant/oven/temp", "5");
        (await again.NextAsync()).ShouldBe(("message", "5"));
    }

    [Theory]
    [InlineData(Way.Server)]
    [InlineData(Way.Taken)]
    [InlineData(Way.Http2)]
    public async Task Nothing_on_the_way_is_to_hold_events_back(Way way)
    {
        await using var hub = await FeedHub.StartAsync(("Feeds:RetryDelay", "2s"));
        using var client = hub.Client(way);
        using var reader = await SseClient.OpenAsync(client, "/events?topic=a");
        await reader.NextCursorAsync();

        reader.Retry.ShouldBeInRange(1000, 3000);
        var headers = reader.Answer.Headers;
        headers.GetValues("X-Accel-Buffering").ShouldBe(["no"]);
        headers.CacheControl!.NoCache.ShouldBeTrue();
        headers.CacheControl.NoTransform.ShouldBeTrue();
        reader.Answer.Content.Headers.ContentType!.ToString().ShouldBe("text/event-stream; charset=utf-8");
        reader.Answer.Content.Headers.ContentEncoding.ShouldBeEmpty();
        reader.Answer.Content.Headers.ContentLength.ShouldBeNull();
    }

    [Fact]
    public async Task An_id_that_nobody_here_has_given_is_told_as_such()
    {
        await using var hub = await FeedHub.StartAsync();
        using var client = hub.Client();
        using var reader = await SseClient.OpenAsync(client, "/events?topic=a", "what-is-this");

        (await reader.NextAsync()).ShouldBe(("reset", "{\"reason\":\"unknown\"}"));
    }

    [Theory]
    [InlineData(Way.Server)]
    [InlineData(Way.Taken)]
    [InlineData(Way.Http2)]
    public async Task Lines_of_json_come_over_the_same_address(Way way)
    {
        await using var hub = await FeedHub.StartAsync();
        using var client = hub.Client(way);
        client.Timeout = TimeSpan.FromSeconds(30);
        client.DefaultRequestHeaders.Add("Accept", "application/x-ndjson");
        using var answer = await client.GetAsync("/events?topic=a", HttpCompletionOption.ResponseHeadersRead, Cancel);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancel));

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/x-ndjson");
        (await lines.ReadLineAsync(Cancel))!.ShouldStartWith("{\"type\":\"cursor\",\"id\":");
        hub.Publish("a", "{\"temp\": 20}");
        (await lines.ReadLineAsync(Cancel))!.ShouldEndWith("\"payload\":{\"temp\": 20}}");

        await hub.StopAsync();
        (await lines.ReadLineAsync(Cancel)).ShouldBe("{\"type\":\"bye\",\"reason\":\"shutdown\"}");
        (await lines.ReadLineAsync(Cancel)).ShouldBeNull();
    }

    [Theory]
    [InlineData(Way.Server)]
    [InlineData(Way.Taken)]
    public async Task A_client_of_http_1_0_gets_the_events_without_chunks(Way way)
    {
        await using var hub = await FeedHub.StartAsync();
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, hub.AddressOf(way).Port, Cancel);
        await using var stream = socket.GetStream();
        await stream.WriteAsync("GET /events?topic=a&format=payload HTTP/1.0\r\n\r\n"u8.ToArray(), Cancel);
        using var lines = new StreamReader(stream, Encoding.UTF8);

        var head = new List<string>();
        while (await lines.ReadLineAsync(Cancel) is { Length: > 0 } line)
            head.Add(line.ToUpperInvariant());
        head[0].ShouldEndWith(" 200 OK");
        head.ShouldNotContain(line => line.StartsWith("TRANSFER-ENCODING"));
        head.ShouldContain("CONNECTION: CLOSE");
        (await lines.ReadLineAsync(Cancel))!.ShouldStartWith("retry: ");
        (await lines.ReadLineAsync(Cancel)).ShouldBe("");
        (await lines.ReadLineAsync(Cancel))!.ShouldStartWith("id: ");
        (await lines.ReadLineAsync(Cancel)).ShouldBe("");
        hub.Publish("a", "1");
        (await lines.ReadLineAsync(Cancel))!.ShouldStartWith("id: ");
        (await lines.ReadLineAsync(Cancel)).ShouldBe("data: 1");
    }

    [Theory]
    [InlineData(Way.Server)]
    [InlineData(Way.Taken)]
    [InlineData(Way.Http2)]
    public async Task Nothing_is_left_of_a_reader_that_went_away(Way way)
    {
        await using var hub = await FeedHub.StartAsync();
        using (var client = hub.Client(way))
        using (var reader = await SseClient.OpenAsync(client, "/events?topic=a"))
        {
            await reader.NextCursorAsync();
            hub.Services.GetRequiredService<Admission>().Count.ShouldBe(1);
        }

        await hub.EverybodyHasLeftAsync();
        hub.Services.GetRequiredService<TelemetryHub.Core.Feeds.FeedTable>().ReaderCount.ShouldBe(0);
    }

    [Fact]
    public async Task A_wait_is_for_long_polls()
    {
        await using var hub = await FeedHub.StartAsync();
        using var client = hub.Client();
        using var answer = await client.GetAsync("/events?topic=a&wait=5s", Cancel);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync(Cancel)).ShouldContain("application/json");
    }
}
