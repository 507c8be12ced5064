using System.Text.RegularExpressions;
using Microsoft.Playwright;
using TelemetryHub.Browser.Tests.Browsers;
using TelemetryHub.Browser.Tests.Publishers;
using TelemetryHub.EndToEnd.Tests.Durability;
using TelemetryHub.EndToEnd.Tests.Feeds;
using TelemetryHub.EndToEnd.Tests.OwnClient;
using TelemetryHub.EndToEnd.Tests.Programs;
using TelemetryHub.Mqtt.Client;
using static Microsoft.Playwright.Assertions;

namespace TelemetryHub.Browser.Tests.Pages;

/// <summary>The page at <c>/</c>.</summary>
public sealed class BuiltInPageTests(Chromium chromium, FeedFixture fixture) : IClassFixture<FeedFixture>
{
    private static readonly LocatorAssertionsToHaveTextOptions Patient = new() { Timeout = (float)Patience.Limit.TotalMilliseconds };

    [Fact]
    public async Task It_shows_what_devices_publish_and_needs_nothing_but_the_hub()
    {
        var topic = Unique.Topic("page");
        await using var window = await chromium.OpenWindowAsync();
        var tab = await window.OpenTabAsync(fixture.Hub.Http);
        await Expect(tab.Page.Locator("#state")).ToHaveTextAsync("live", Patient);

        await using var device = await new MqttClientOptions { Uri = fixture.Hub.WebSocket }.ConnectAsync();
        await device.SayAsync(topic, "{\"temp\":21.5}");
        await device.SayAsync(topic, "<img src=x onerror=alert(1)>");

        var row = tab.Page.Locator("#latest tr", new() { HasText = topic });
        await Expect(row.Locator("td.value")).ToHaveTextAsync("<img src=x onerror=alert(1)>", Patient);
        await Expect(row.Locator("td").Nth(1)).ToHaveTextAsync(new Regex(@"^(now|\d+ s)$"), Patient);
        await Expect(tab.Page.Locator("#stream")).ToContainTextAsync("21.5", new() { Timeout = Patient.Timeout });
        (await tab.Page.Locator("#stream img").CountAsync()).ShouldBe(0);
        tab.Requests.ShouldAllBe(address => address.StartsWith(fixture.Hub.Http.ToString(), StringComparison.Ordinal));
        tab.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task It_runs_no_script_that_is_not_the_hubs()
    {
        await using var window = await chromium.OpenWindowAsync();
        var tab = await window.OpenTabAsync(fixture.Hub.Http);

        await tab.RunAsync(
            """
            document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => tab.note("policy", effectiveDirective));
            document.body.append(Object.assign(document.createElement("script"), { textContent: "window.hacked = true" }));
            document.body.append(Object.assign(document.createElement("img"), { src: "http://127.0.0.1:9/x.png" }));
            """);

        await tab.UntilAsync("tab.of('policy').length >= 2");
        (await tab.NotesAsync("policy")).Select(note => note.Type).ShouldBe(["script-src-elem", "img-src"], ignoreOrder: true);
        (await tab.AskAsync<bool>("window.hacked === true")).ShouldBeFalse();
    }

    [Theory]
    [InlineData(Ending.Stop)]
    [InlineData(Ending.Kill)]
    public async Task It_goes_on_when_the_hub_is_back(Ending ending)
    {
        await using var hub = new RestartableHub(null, "Feeds:RetryDelay=100ms");
        await hub.LaunchAsync();
        await using var window = await chromium.OpenWindowAsync();
        var tab = await window.OpenTabAsync(hub.Http);
        await Expect(tab.Page.Locator("#state")).ToHaveTextAsync("live", Patient);
        await Posts.PublishAsync(hub.Http, "t/a", "before");
        var values = tab.Page.Locator("#latest td.value");
        await Expect(values).ToHaveTextAsync(["before"], new() { Timeout = Patient.Timeout });

        await (ending == Ending.Stop ? hub.StopAsync() : hub.KillAsync());
        await Expect(tab.Page.Locator("#state")).ToContainTextAsync("resuming", new() { Timeout = Patient.Timeout });
        await hub.LaunchAsync();
        await Posts.PublishAsync(hub.Http, "t/b", "after");

        await Expect(tab.Page.Locator("#state")).ToHaveTextAsync("live", Patient);
        await Expect(values).ToHaveTextAsync(["before", "after"], new() { Timeout = Patient.Timeout });
    }
}
