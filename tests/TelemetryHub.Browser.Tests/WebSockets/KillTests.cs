using TelemetryHub.Browser.Tests.Browsers;
using TelemetryHub.Browser.Tests.Publishers;
using TelemetryHub.EndToEnd.Tests.Durability;

namespace TelemetryHub.Browser.Tests.WebSockets;

/// <summary>A page that opens its WebSocket again with the newest cursor, and a hub that goes down.</summary>
public sealed class KillTests(Chromium chromium)
{
    [Fact]
    public async Task A_page_that_subscribes_again_behind_its_cursor_loses_nothing_and_gets_nothing_twice()
    {
        await using var hub = new RestartableHub();
        await hub.LaunchAsync();
        await using var window = await chromium.OpenWindowAsync();
        var tab = await window.OpenBlankTabAsync(hub.Http);
        await OpenAsync(tab, 0);
        await using var numbers = await Numbers.StartAsync(hub.Mqtt, "n");

        for (var round = 1; round <= 3; round++)
        {
            await numbers.MoreAsync(100);
            await tab.UntilAsync("s", round * 100);
            await hub.KillAsync();
            await tab.UntilAsync($"tab.of('s', 'close').length === {round}");
            await hub.LaunchAsync();
            await OpenAsync(tab, round);
        }

        await numbers.MoreAsync(100);
        var last = await numbers.EndAsync();
        await tab.UntilAsync($"tab.of('s', 'message').some((note) => note.data.payload === {last})");
        await LogOfTopic.ShouldHoldWhatWasSeenAsync(hub.Http, "n", await tab.NotesAsync("s", "message"), last);
        (await tab.NotesAsync("s", "gap")).ShouldAllBe(gap => gap.Data.GetProperty("reason").GetString() == "crashed");
        (await tab.NotesAsync("s", "reset")).ShouldBeEmpty();
        (await tab.NotesAsync("s", "close")).ShouldAllBe(close => close.Data.GetProperty("code").GetInt32() == 1006);
    }

    private static async Task OpenAsync(Tab tab, int round)
    {
        await tab.RunAsync(
            $$"""
            const since = tab.of("s").findLast(({ id }) => id)?.id;
            tab.talk("s", "/events", "telemetryhub.v1");
            await tab.until(() => tab.of("s", "open").length === {{round + 1}});
            tab.say("s", { type: "subscribe", ref: {{round}}, sub: "n", topics: ["n"], since });
            await tab.until(() => tab.of("s", "ack").length === {{round + 1}});
            """);
    }
}
