using System.Text.Json;
using Microsoft.Playwright;
using TelemetryHub.Browser.Tests.Browsers;
using TelemetryHub.EndToEnd.Tests.Feeds;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.Browser.Tests.Scripts;

/// <summary>The hub's JavaScript client in a page, loaded from the hub as a module.</summary>
public sealed class ClientTests(Chromium chromium, FeedFixture fixture) : IClassFixture<FeedFixture>
{
    [Theory]
    [InlineData(false, false, "websocket")]
    [InlineData(true, false, "sse")]
    [InlineData(true, true, "poll")]
    public async Task The_client_follows_and_publishes_over_the_first_transport_that_works(bool noSockets, bool noStreams, string transport)
    {
        var topic = Unique.Topic("client");
        await using var window = await chromium.OpenWindowAsync();
        if (noSockets) await window.Context.RouteWebSocketAsync("**/*", socket => _ = socket.CloseAsync());
        if (noStreams) await window.Context.RouteAsync("**/events?*", RefuseStreamsAsync);
        var tab = await window.OpenBlankTabAsync(fixture.Hub.Http);

        await tab.FollowAsync(topic, "{}");
        await tab.RunAsync($"await tab.client.publish('{topic}', {{ x: 1 }})");
        await Posts.PublishAsync(fixture.Hub.Http, topic, "2");
        await tab.UntilAsync("c", 2);

        (await tab.NotesAsync("c", "message")).Select(note => note.Payload).ShouldBe(["{\"x\":1}", "2"]);
        (await tab.AskAsync<string>("tab.client.transport")).ShouldBe(transport);
        await tab.RunAsync("tab.client.close()");
        (await tab.NotesAsync("c", "state"))[^1].Data.GetProperty("state").GetString().ShouldBe("closed");
    }

    [Fact]
    public async Task The_client_says_that_the_hub_will_not_have_what_it_asks_for()
    {
        await using var window = await chromium.OpenWindowAsync();
        var tab = await window.OpenBlankTabAsync(fixture.Hub.Http);

        await tab.RunAsync(
            """
            const { connect } = await import("/client/telemetryhub.js");
            connect("/events").subscribe("a/#/b", { onClose: ({ code, message }) => tab.note("c", "close", { data: { code, message } }) });
            """);

        await tab.UntilAsync("tab.of('c', 'close').length === 1");
        (await tab.NotesAsync("c")).Single().Data.GetProperty("message").GetString()!.ShouldContain("a/#/b");
    }

    private static Task RefuseStreamsAsync(IRoute route) =>
        route.Request.Headers["accept"].Contains("text/event-stream", StringComparison.Ordinal) ? route.AbortAsync() : route.ContinueAsync();
}
