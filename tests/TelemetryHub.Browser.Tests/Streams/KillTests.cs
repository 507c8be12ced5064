using TelemetryHub.Browser.Tests.Browsers;
using TelemetryHub.Browser.Tests.Publishers;
using TelemetryHub.EndToEnd.Tests.Durability;

namespace TelemetryHub.Browser.Tests.Streams;

/// <summary>A browser's own EventSource, and a hub that goes down.</summary>
public sealed class KillTests(Chromium chromium)
{
    [Fact]
    public async Task An_EventSource_loses_nothing_and_gets_nothing_twice_when_the_hub_is_killed_while_events_are_published()
    {
        await using var hub = new RestartableHub(null, "Feeds:RetryDelay=100ms");
        await hub.LaunchAsync();
        await using var window = await chromium.OpenWindowAsync();
        var tab = await window.OpenBlankTabAsync(hub.Http);
        await tab.ListenAsync("n", "/events?topic=n");
        await using var numbers = await Numbers.StartAsync(hub.Mqtt, "n");

        for (var round = 1; round <= 3; round++)
        {
            await numbers.MoreAsync(100);
            await tab.UntilAsync("n", round * 100);
            await hub.KillAsync();
            await hub.LaunchAsync();
            await tab.UntilAsync($"tab.of('n', 'open').length > {round}"); // by itself
        }

        await numbers.MoreAsync(100);
        var last = await numbers.EndAsync();
        await tab.UntilAsync($"tab.of('n', 'message').some((note) => note.data.payload === {last})");
        await LogOfTopic.ShouldHoldWhatWasSeenAsync(hub.Http, "n", await tab.NotesAsync("n", "message"), last);
        (await tab.NotesAsync("n", "gap")).ShouldAllBe(gap => gap.Data.GetProperty("reason").GetString() == "crashed");
        (await tab.NotesAsync("n", "reset")).ShouldBeEmpty();
        (await tab.NotesAsync("n", "error")).ShouldAllBe(error => error.State == Note.Connecting);
    }

    [Fact]
    public async Task An_EventSource_is_told_that_the_hub_stops_and_goes_on_when_it_is_back()
    {
        await using var hub = new RestartableHub(null, "Feeds:RetryDelay=100ms");
        await hub.LaunchAsync();
        await using var window = await chromium.OpenWindowAsync();
        var tab = await window.OpenBlankTabAsync(hub.Http);
        await tab.ListenAsync("n", "/events?topic=n");
        await using var numbers = await Numbers.StartAsync(hub.Mqtt, "n");

        await tab.UntilAsync("n", 100);
        await hub.StopAsync();
        await tab.UntilAsync("tab.of('n', 'error').length > 0");
        var byes = await tab.NotesAsync("n", "bye"); // more than one when it was back while the hub was still on its way out
        await hub.LaunchAsync();

        var last = await numbers.EndAsync();
        await tab.UntilAsync($"tab.of('n', 'message').some((note) => note.data.payload === {last})");
        await LogOfTopic.ShouldHoldWhatWasSeenAsync(hub.Http, "n", await tab.NotesAsync("n", "message"), last);
        byes.ShouldNotBeEmpty();
        byes.ShouldAllBe(bye => bye.Data.GetProperty("reason").GetString() == "shutdown");
        (await tab.NotesAsync("n")).ShouldNotContain(note => note.Type == "gap" || note.Type == "reset");
    }
}
