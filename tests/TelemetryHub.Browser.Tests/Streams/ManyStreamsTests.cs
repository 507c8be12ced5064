using System.Collections.Concurrent;
using System.Text.Json;
using TelemetryHub.Browser.Tests.Browsers;
using TelemetryHub.EndToEnd.Tests.Feeds;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.Browser.Tests.Streams;

/// <summary>Many streams of one browser: it makes six connections to a host with HTTP/1.1, and one with HTTP/2.</summary>
public sealed class ManyStreamsTests(Chromium chromium, FeedFixture fixture) : IClassFixture<FeedFixture>
{
    private const int Http1Connections = 6;
    private const int Http2Streams = 30;

    [Fact]
    public async Task Six_tabs_over_HTTP_1_1_have_a_stream_each_and_a_seventh_has_its_turn_when_one_closes()
    {
        var hub = fixture.Hub.Http;
        var topic = Unique.Topic("six");
        await using var window = await chromium.OpenWindowAsync();
        var tabs = new List<Tab>();
        for (var number = 0; number <= Http1Connections; number++) tabs.Add(await window.OpenBlankTabAsync(hub));
        var seventh = tabs[^1];
        var six = tabs[..^1];

        foreach (var tab in six) await tab.ListenAsync("s", $"/events?topic={topic}");
        await seventh.RunAsync("fetch('/health/ready').then((response) => tab.note('fetch', String(response.status)))");
        await Posts.PublishAsync(hub, topic, "1");
        foreach (var tab in six) await tab.UntilAsync("s", 1);
        (await seventh.NotesAsync("fetch")).ShouldBeEmpty();

        await six[0].RunAsync("tab.close('s')");
        await seventh.UntilAsync("tab.of('fetch', '200').length === 1");
        await Posts.PublishAsync(hub, topic, "2");
        foreach (var tab in six[1..]) await tab.UntilAsync("s", 2);
        tabs.SelectMany(tab => tab.Errors).ShouldBeEmpty();
    }

    [Fact]
    public async Task Thirty_streams_of_a_page_share_one_connection_over_HTTP_2()
    {
        var hub = fixture.Hub.Https;
        var topic = Unique.Topic("thirty");
        await using var window = await chromium.OpenWindowAsync();
        var tab = await window.OpenBlankTabAsync(hub);
        var responses = await ResponsesAsync(tab);

        for (var stream = 0; stream < Http2Streams; stream++) await tab.ListenAsync($"s{stream}", $"/events?topic={topic}/{stream}&topic={topic}/all");
        await Posts.PublishAsync(fixture.Hub.Http, topic + "/all", "1", "2", "3");
        for (var stream = 0; stream < Http2Streams; stream++) await Posts.PublishAsync(fixture.Hub.Http, $"{topic}/{stream}", $"{stream}");
        for (var stream = 0; stream < Http2Streams; stream++)
        {
            await tab.UntilAsync($"s{stream}", 4);
            (await tab.NotesAsync($"s{stream}", "message")).Select(note => note.Payload).ShouldBe(["1", "2", "3", $"{stream}"]);
        }

        // There is room for more than streams.
        (await tab.AskAsync<int>("fetch('/health/ready').then((response) => response.status)")).ShouldBe(200);
        (await tab.AskAsync<string>("performance.getEntriesByType('navigation')[0].nextHopProtocol")).ShouldBe("h2");
        responses.Count.ShouldBe(Http2Streams);
        responses.ShouldAllBe(response => response.GetProperty("protocol").GetString() == "h2");
        responses.Select(response => response.GetProperty("connectionId").GetRawText()).Distinct().Count().ShouldBe(1);
        tab.Errors.ShouldBeEmpty();
    }

    // A stream that goes on is in no performance entry yet: what the network says of it is all there is.
    private static async Task<ConcurrentQueue<JsonElement>> ResponsesAsync(Tab tab)
    {
        var responses = new ConcurrentQueue<JsonElement>();
        var session = await tab.Page.Context.NewCDPSessionAsync(tab.Page);
        session.Event("Network.responseReceived").OnEvent += (_, received) =>
        {
            var response = received!.Value.GetProperty("response").Clone();
            if (response.GetProperty("url").GetString()!.Contains("/events?", StringComparison.Ordinal)) responses.Enqueue(response);
        };
        await session.SendAsync("Network.enable");
        return responses;
    }
}
