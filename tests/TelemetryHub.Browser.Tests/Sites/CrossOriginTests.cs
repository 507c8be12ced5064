using System.Net;
using System.Net.WebSockets;
using System.Text.RegularExpressions;
using TelemetryHub.Browser.Tests.Browsers;
using TelemetryHub.EndToEnd.Tests.Feeds;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.Browser.Tests.Sites;

/// <summary>Pages of other sites: what the browser lets them do, and what the hub does.</summary>
public sealed class CrossOriginTests(Chromium chromium, SitesFixture sites) : IClassFixture<SitesFixture>
{
    private const string FirstEvent =
        """
        const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
        for (let text = ""; !text.includes('"payload"');) text += (await reader.read()).value, tab.note("read", "chunk");
        tab.note("read", "message");
        """;

    private static readonly HttpClient Client = new();

    private Uri Events => new(sites.Hub.Http, "events");

    [Fact]
    public async Task A_page_of_an_allowed_origin_listens_with_its_credentials()
    {
        var topic = Unique.Topic("cors");
        await using var window = await OpenWithCookieAsync();
        var tab = await window.OpenTabAsync(sites.Allowed.Page);
        var request = tab.Page.WaitForRequestAsync(new Regex("/events"));

        await tab.RunAsync($"tab.listen('a', '{Events}?topic={topic}', {{ withCredentials: true }})");
        await tab.UntilAsync("tab.of('a', 'open').length === 1");
        await Posts.PublishAsync(sites.Hub.Http, topic, "1");
        await tab.UntilAsync("a", 1);

        (await (await request).AllHeadersAsync())["cookie"].ShouldBe("who=me");
        tab.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_page_of_an_allowed_origin_streams_with_fetch_and_its_credentials()
    {
        var topic = Unique.Topic("cors");
        await using var window = await OpenWithCookieAsync();
        var tab = await window.OpenTabAsync(sites.Allowed.Page);

        // Last-Event-ID and Authorization make the browser ask first.
        await tab.RunAsync(
            $$"""
            const headers = { Accept: "application/x-ndjson", "Last-Event-ID": "", Authorization: "Bearer x" };
            const response = await fetch("{{Events}}?topic={{topic}}", { credentials: "include", headers });
            (async () => { {{FirstEvent}} })();
            """);
        await tab.UntilAsync("tab.of('read', 'chunk').length > 0");
        await Posts.PublishAsync(sites.Hub.Http, topic, "1");

        await tab.UntilAsync("tab.of('read', 'message').length === 1");
        tab.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_page_of_an_allowed_origin_publishes()
    {
        var topic = Unique.Topic("cors");
        await using var window = await OpenWithCookieAsync();
        var tab = await window.OpenTabAsync(sites.Allowed.Page);
        await tab.RunAsync($"tab.listen('a', '{Events}?topic={topic}', {{ withCredentials: true }})");
        await tab.UntilAsync("tab.of('a', 'open').length === 1");

        var count = await tab.AskAsync<int>(
            $$"""
            fetch("{{Events}}/{{topic}}", { method: "POST", credentials: "include", headers: { "Content-Type": "application/json" }, body: '{"x":1}' })
                .then((response) => response.json()).then((answer) => answer.count)
            """);

        count.ShouldBe(1);
        await tab.UntilAsync("a", 1);
        (await tab.NotesAsync("a", "message")).Single().Payload.ShouldBe("{\"x\":1}");
    }

    [Fact]
    public async Task A_page_of_another_origin_neither_listens_nor_reads_nor_publishes()
    {
        var topic = Unique.Topic("cors");
        await using var window = await chromium.OpenWindowAsync();
        var own = await window.OpenBlankTabAsync(sites.Hub.Http);
        await own.ListenAsync("own", $"/events?topic={topic}");
        var tab = await window.OpenTabAsync(sites.Foreign.Page);

        await tab.RunAsync($"tab.listen('a', '{Events}?topic={topic}')");
        await tab.UntilAsync("tab.of('a', 'error').length === 1");
        (await tab.NotesAsync("a")).Single().State.ShouldBe(Note.Closed);
        (await FailureAsync(tab, $"{Events}?topic={topic}", "{ headers: { Accept: 'application/x-ndjson' } }")).ShouldBe("TypeError");
        (await FailureAsync(tab, $"{Events}?topic={topic}&wait=0", "{ headers: { Accept: 'application/json' } }")).ShouldBe("TypeError");

        // Both are sent without asking first: the second is not even answered to the page.
        (await FailureAsync(tab, $"{Events}/{topic}", "{ method: 'POST', body: 'bad' }")).ShouldBe("TypeError");
        (await FailureAsync(tab, $"{Events}/{topic}", "{ method: 'POST', mode: 'no-cors', body: 'bad' }")).ShouldBe("none");
        await Posts.PublishAsync(sites.Hub.Http, topic, "good");
        await own.UntilAsync("own", 1);
        (await own.NotesAsync("own", "message")).Single().Payload.ShouldBe("good");
    }

    [Theory]
    [InlineData("GET", "?topic=a")]
    [InlineData("OPTIONS", "?topic=a")]
    [InlineData("POST", "/a")]
    public async Task A_request_from_another_origin_is_forbidden(string method, string rest)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), Events + rest) { Headers = { { "Origin", sites.Foreign.Origin } } };

        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        response.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
    }

    [Fact]
    public async Task A_page_of_an_allowed_origin_opens_a_WebSocket_and_one_of_another_does_not()
    {
        var address = new UriBuilder(Events) { Scheme = "ws" }.Uri;
        await using var window = await chromium.OpenWindowAsync();
        var allowed = await window.OpenTabAsync(sites.Allowed.Page);
        var foreign = await window.OpenTabAsync(sites.Foreign.Page);

        await allowed.RunAsync($"tab.talk('s', '{address}', 'telemetryhub.v1')");
        await allowed.UntilAsync("tab.of('s', 'open').length === 1");
        await foreign.RunAsync($"tab.talk('s', '{address}', 'telemetryhub.v1')");
        await foreign.UntilAsync("tab.of('s', 'close').length === 1");

        (await foreign.NotesAsync("s", "open")).ShouldBeEmpty();
        foreign.Errors.ShouldContain(error => error.Contains("403", StringComparison.Ordinal));
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", sites.Foreign.Origin);
        socket.Options.CollectHttpResponseDetails = true;
        await Should.ThrowAsync<WebSocketException>(socket.ConnectAsync(address, TestContext.Current.CancellationToken));
        socket.HttpStatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private async Task<Window> OpenWithCookieAsync()
    {
        var window = await chromium.OpenWindowAsync();
        await window.Context.AddCookiesAsync([new() { Name = "who", Value = "me", Url = sites.Hub.Http.ToString() }]);
        return window;
    }

    private static Task<string> FailureAsync(Tab tab, string address, string options) =>
        tab.AskAsync<string>($"fetch('{address}', {options}).then(() => 'none', (error) => error.name)");
}
