using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.Feeds.Browsers;

/// <summary>Pages of other servers, in a browser that holds them to what the hub says (CORS).</summary>
public sealed class OtherOriginTests(Chromium chromium)
{
    [Fact]
    public async Task A_page_of_an_allowed_origin_reads_with_credentials_and_publishes()
    {
        await using var pages = await PageServer.StartAsync();
        await using var hub = await HubProcess.StartAsync($"Feeds:AllowedOrigins={pages.Origin}");
        await using var window = await chromium.OpenAsync();
        var tab = await Tab.OpenAsync(window, pages.Address);
        await tab.ListenAsync("s", $"{hub.Http}events?topic=t", withCredentials: true);
        await tab.RunAsync($"talk('w', 'ws://{hub.Http.Authority}/events?topic=t', 'telemetryhub.v1')");
        await tab.ToldAsync("w open telemetryhub.v1");

        // With this type the browser asks first whether it may.
        var answer = await tab.RunAsync(
            $$"""fetch('{{hub.Http}}events/t', { method: 'POST', body: '{"x":1}', credentials: 'include', headers: { 'Content-Type': 'application/json' } }).then(answer => answer.text())""");

        answer.ShouldContain("\"count\":1");
        await tab.ToldAsync("s message {\"x\":1}");
        (await tab.ToldAsync("w {\"id\"")).ShouldContain("\"payload\":{\"x\":1}");
    }

    [Fact]
    public async Task A_page_of_any_other_origin_gets_nothing_and_publishes_nothing()
    {
        await using var pages = await PageServer.StartAsync();
        await using var hub = await HubProcess.StartAsync("Feeds:AllowedOrigins=https://app.example");
        await using var window = await chromium.OpenAsync();
        var own = await Tab.OpenAsync(window, new Uri(hub.Http, "health/live"));
        await own.ListenAsync("s", "/events?topic=t");
        var tab = await Tab.OpenAsync(window, pages.Address);

        await tab.BeginToListenAsync("s", $"{hub.Http}events?topic=t");
        (await tab.ToldAsync("s error")).ShouldBe("s error closed");
        await tab.RunAsync($"talk('w', 'ws://{hub.Http.Authority}/events?topic=t', 'telemetryhub.v1')");
        await tab.ToldAsync("w closed 1006");
        // Text is what a browser sends without asking. The page does not see the answer, and nothing happens.
        await tab.RunAsync($"fetch('{hub.Http}events/t', {{ method: 'POST', body: 'evil', mode: 'no-cors' }}).then(() => '')");
        (await tab.RunAsync($"fetch('{hub.Http}events/t', {{ method: 'POST', body: 'evil' }}).then(() => 'sent', () => 'refused')")).ShouldBe("refused");

        await Posts.PublishAsync(hub.Http, "t", "good");
        await own.ToldAsync("s message \"good\"");
        own.Messages("s").ShouldBe(["\"good\""]);
    }
}
