using System.Text.Json;
using TelemetryHub.Browser.Tests.Browsers;
using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Feeds;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.Browser.Tests.WebSockets;

/// <summary>A browser's own WebSocket, in both of the hub's protocols.</summary>
public sealed class SocketTests(Chromium chromium, FeedFixture fixture) : IClassFixture<FeedFixture>
{
    private HubProcess Hub => fixture.Hub;

    // Over TLS the page has come by HTTP/2, and Chromium puts the socket into the same connection (RFC 8441).
    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    public async Task A_socket_subscribes_publishes_and_unsubscribes_in_JSON(string scheme)
    {
        var topic = Unique.Topic("ws");
        await using var window = await chromium.OpenWindowAsync();
        var tab = await window.OpenBlankTabAsync(scheme == "http" ? Hub.Http : Hub.Https);
        await OpenAsync(tab, "telemetryhub.v1");

        await SayAsync(tab, $"{{ type: 'subscribe', ref: 1, sub: 'all', topics: ['{topic}/#'] }}");
        await SayAsync(tab, $"{{ type: 'subscribe', ref: 2, sub: 'hot', topics: ['{topic}/+'], where: 'temp>30', format: 'payload' }}");
        await AnswerAsync(tab, 2);
        await SayAsync(tab, $"{{ type: 'publish', ref: 3, topic: '{topic}/a', payload: {{ temp: 20 }} }}");
        await SayAsync(tab, $"{{ type: 'publish', ref: 4, topic: '{topic}/b', payload: {{ temp: 40 }} }}");
        var acknowledged = (await AnswerAsync(tab, 4)).GetProperty("id").GetString();
        await tab.UntilAsync("s", 3);

        var items = (await tab.NotesAsync("s", "message")).Select(note => note.Data).ToList();
        Payloads(items, "all").ShouldBe(["{\"temp\":20}", "{\"temp\":40}"]);
        Payloads(items, "hot").ShouldBe(["{\"temp\":40}"]);
        items[^1].GetProperty("id").GetString().ShouldBe(acknowledged);

        await SayAsync(tab, "{ type: 'unsubscribe', ref: 5, sub: 'all' }");
        await SayAsync(tab, $"{{ type: 'publish', ref: 6, topic: '{topic}/b', payload: {{ temp: 50 }} }}");
        await AnswerAsync(tab, 6);
        await tab.UntilAsync("s", 4);
        Payloads((await tab.NotesAsync("s", "message")).Select(note => note.Data), "hot").Count.ShouldBe(2);
        tab.Errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    public async Task A_socket_carries_bytes_as_they_are_in_CBOR(string scheme)
    {
        var topic = Unique.Topic("ws");
        await using var window = await chromium.OpenWindowAsync();
        var tab = await window.OpenBlankTabAsync(scheme == "http" ? Hub.Http : Hub.Https);
        await OpenAsync(tab, "telemetryhub.v1.cbor");

        await SayAsync(tab, $"{{ type: 'subscribe', ref: 1, sub: 'cams', topics: ['{topic}/#'] }}");
        await AnswerAsync(tab, 1);
        await SayAsync(tab, $"{{ type: 'publish', ref: 2, topic: '{topic}/cam', payload: new Uint8Array([255, 216, 0, 10]) }}");
        (await AnswerAsync(tab, 2)).GetProperty("type").GetString().ShouldBe("ack");
        await tab.UntilAsync("s", 1);

        var item = (await tab.NotesAsync("s", "message")).Single().Data;
        item.GetProperty("sub").GetString().ShouldBe("cams");
        item.GetProperty("topic").GetString().ShouldBe($"{topic}/cam");
        item.GetProperty("payload").EnumerateArray().Select(value => value.GetInt32()).ShouldBe([255, 216, 0, 10]);
        tab.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_socket_whose_protocols_the_hub_does_not_know_is_not_opened()
    {
        await using var window = await chromium.OpenWindowAsync();
        var tab = await window.OpenBlankTabAsync(Hub.Http);

        await tab.RunAsync("tab.talk('s', '/events', 'telemetryhub.v99')");

        await tab.UntilAsync("tab.of('s', 'close').length === 1");
        (await tab.NotesAsync("s")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_socket_that_the_page_closes_is_closed_cleanly()
    {
        await using var window = await chromium.OpenWindowAsync();
        var tab = await window.OpenBlankTabAsync(Hub.Http);
        await OpenAsync(tab, "telemetryhub.v1");

        await tab.RunAsync("tab.close('s')");

        await tab.UntilAsync("tab.of('s', 'close').length === 1");
        (await tab.NotesAsync("s", "close")).Single().Data.GetProperty("code").GetInt32().ShouldBe(1005); // it gave no code, and got none
    }

    private static async Task OpenAsync(Tab tab, string protocol)
    {
        await tab.RunAsync($"tab.talk('s', '/events', '{protocol}')");
        await tab.UntilAsync("tab.of('s').length > 0");
        (await tab.NotesAsync("s")).Single().Data.GetString().ShouldBe(protocol);
    }

    private static Task SayAsync(Tab tab, string message) => tab.RunAsync($"tab.say('s', {message})");

    private static async Task<JsonElement> AnswerAsync(Tab tab, int reference)
    {
        var answer = $"tab.of('s').find(({{ data }}) => data.ref === {reference})";
        await tab.UntilAsync(answer);
        return await tab.AskAsync<JsonElement>($"{answer}.data");
    }

    private static List<string> Payloads(IEnumerable<JsonElement> items, string subscription) =>
        [.. items.Where(item => item.GetProperty("sub").GetString() == subscription).Select(item => item.GetProperty("payload").GetRawText())];
}
