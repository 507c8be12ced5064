using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Durability;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.Feeds.Browsers;

/// <summary>Chromium's own EventSource.</summary>
public sealed class EventSourceTests(Chromium chromium, FeedFixture fixture) : IClassFixture<FeedFixture>
{
    private HubProcess Hub => fixture.Hub;

    [Fact]
    public async Task A_page_loses_and_doubles_nothing_when_the_hub_is_killed_and_comes_back()
    {
        const int Rounds = 3;
        await using var hub = new RestartableHub(null, "Feeds:RetryDelay=100ms");
        await hub.StartAsync();
        await using var window = await chromium.OpenAsync();
        var tab = await Tab.OpenAsync(window, PageOf(hub.Http));
        await tab.ListenAsync("s", "/events?topic=n");
        for (var round = 0; round < Rounds; round++)
        {
            await Posts.PublishAsync(hub.Http, "n", (round * 20) + 1, (round * 20) + 10);
            await hub.KillAsync();
            await hub.StartAsync();
            await Posts.PublishAsync(hub.Http, "n", (round * 20) + 11, (round * 20) + 20);
        }

        await tab.ToldAsync($"s message {Rounds * 20}");
        tab.Messages("s").ShouldBe(Enumerable.Range(1, Rounds * 20).Select(number => $"{number}"));
        tab.Told.Lines.ShouldNotContain(line => line.StartsWith("s reset"));
        tab.Told.Lines.Where(line => line.StartsWith("s gap")).ShouldAllBe(line => line.Contains("\"reason\":\"crashed\""));
    }

    [Fact]
    public async Task A_page_whose_request_is_wrong_is_told_why_and_at_its_return_never_to_come_again()
    {
        await using var window = await chromium.OpenAsync();
        var tab = await Tab.OpenAsync(window, PageOf(Hub.Http));

        await tab.BeginToListenAsync("wrong", "/events?topic=a/%23/b");
        (await tab.ToldAsync("wrong bye")).ShouldContain("\"parameter\":\"topic\"");

        // As it comes back by itself after a minute or so: it then says what id it was given.
        await tab.BeginToListenAsync("again", "/events?topic=a/%23/b&lastEventId=refused");
        (await tab.ToldAsync("again error")).ShouldBe("again error closed");
        tab.Told.Lines.ShouldNotContain("again open");
    }

    [Fact]
    public async Task Six_tabs_listen_over_HTTP_1()
    {
        const int Tabs = 6; // as many connections as a browser opens to one host
        var topic = Unique.Topic("tabs");
        await using var window = await chromium.OpenAsync();
        var tabs = new List<Tab>();
        for (var number = 0; number < Tabs; number++)
        {
            tabs.Add(await Tab.OpenAsync(window, PageOf(Hub.Http)));
            await tabs[^1].ListenAsync("s", $"/events?topic={topic}");
        }

        await Posts.PublishAsync(Hub.Http, topic, 1, 10);

        foreach (var tab in tabs)
            await tab.ToldAsync("s message 10");
        tabs.ShouldAllBe(tab => tab.Messages("s").Count() == 10);
    }

    [Fact]
    public async Task Thirty_streams_share_a_connection_over_HTTP_2()
    {
        const int Streams = 30;
        var topic = Unique.Topic("streams");
        await using var window = await chromium.OpenAsync();
        var tab = await Tab.OpenAsync(window, PageOf(Hub.Https));
        for (var number = 0; number < Streams; number++)
            await tab.ListenAsync($"s{number}", $"/events?topic={topic}/%23&topic={topic}/{number}");

        await Posts.PublishAsync(Hub.Http, $"{topic}/x", 1, 10);

        for (var number = 0; number < Streams; number++)
        {
            await tab.ToldAsync($"s{number} message 10");
            tab.Messages($"s{number}").Count().ShouldBe(10);
        }
        // Over HTTP/1.1 the seventh would not have opened.
        (await tab.RunAsync("performance.getEntriesByType('navigation')[0].nextHopProtocol")).ShouldBe("h2");
    }

    // Something that the hub serves to everybody: the page's origin is the hub's then.
    private static Uri PageOf(Uri hub) => new(hub, "health/live");
}
