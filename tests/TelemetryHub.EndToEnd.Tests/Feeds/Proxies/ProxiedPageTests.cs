using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Durability;
using TelemetryHub.EndToEnd.Tests.Feeds.Browsers;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.Feeds.Proxies;

/// <summary>Chromium before nginx and before HAProxy before the hub.</summary>
public sealed class ProxiedPageTests(Chromium chromium)
{
    [Theory]
    [InlineData("nginx")]
    [InlineData("haproxy")]
    public async Task A_websocket_is_passed_on_as_one(string name)
    {
        await using var hub = await HubProcess.StartAsync();
        await using var proxy = await FrontProxy.StartAsync(name, hub.Http);
        await using var window = await chromium.OpenAsync();
        var tab = await Tab.OpenAsync(window, new Uri(proxy.Address, "health/live"));

        await tab.RunAsync($"talk('w', 'wss://{proxy.Address.Authority}/events?topic=t', 'telemetryhub.v1')");
        await tab.ToldAsync("w open telemetryhub.v1");
        await tab.RunAsync("""w.send('{"type":"publish","ref":1,"topic":"t","payload":"from a page"}')""");

        await tab.ToldAsync("w {\"type\":\"ack\",\"ref\":1");
        (await tab.ToldAsync("w {\"id\"")).ShouldContain("\"payload\":\"from a page\"");
    }

    [Theory]
    [InlineData("nginx")]
    [InlineData("haproxy")]
    public async Task A_page_comes_back_after_the_hub_was_away_and_misses_nothing(string name)
    {
        await using var hub = new RestartableHub(null, "Feeds:RetryDelay=100ms");
        await hub.StartAsync();
        await using var proxy = await FrontProxy.StartAsync(name, hub.Http);
        await using var window = await chromium.OpenAsync();
        var tab = await Tab.OpenAsync(window, new Uri(proxy.Address, "health/live"));
        await tab.ListenAsync("s", "/events?topic=n");
        await Posts.PublishAsync(hub.Http, "n", 1, 10);
        await tab.ToldAsync("s message 10");

        await hub.KillAsync();
        await tab.ToldAsync("s error connecting", 2); // once because it was cut off, and at least once by the proxy's answer
        (await StatusAsync(proxy, "events?topic=n")).ShouldBe("503"); // others than pages are told the truth
        await hub.StartAsync();
        await Posts.PublishAsync(hub.Http, "n", 11, 20);

        await tab.ToldAsync("s message 20");
        tab.Messages("s").ShouldBe(Enumerable.Range(1, 20).Select(number => $"{number}"));
        tab.Told.Lines.ShouldNotContain("s error closed");
    }

    private static async Task<string> StatusAsync(FrontProxy proxy, string path)
    {
        string[] arguments = ["-sS", "--cacert", proxy.Authority, "-H", "Accept: application/json", "-w", "\n%{http_code}", $"{proxy.Address}{path}"];
        return (await RunningProgram.RunAsync("curl", arguments)).Output[^1];
    }
}
