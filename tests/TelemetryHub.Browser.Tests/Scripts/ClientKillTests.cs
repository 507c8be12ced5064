using TelemetryHub.Browser.Tests.Browsers;
using TelemetryHub.Browser.Tests.Publishers;
using TelemetryHub.EndToEnd.Tests.Durability;

namespace TelemetryHub.Browser.Tests.Scripts;

/// <summary>The hub's JavaScript client in a page, and a hub that goes down.</summary>
public sealed class ClientKillTests(Chromium chromium)
{
    [Theory]
    [InlineData("websocket")]
    [InlineData("sse")]
    [InlineData("poll")]
    public async Task The_client_loses_nothing_and_gives_nothing_twice_when_the_hub_is_killed_while_events_are_published(string transport)
    {
        await using var hub = new RestartableHub(null, "Feeds:RetryDelay=100ms");
        await hub.LaunchAsync();
        await using var window = await chromium.OpenWindowAsync();
        var tab = await window.OpenBlankTabAsync(hub.Http);
        await tab.FollowAsync("n", $"{{ transport: '{transport}', backoff: {{ base: 100, cap: 500 }} }}");
        await using var numbers = await Numbers.StartAsync(hub.Mqtt, "n");

        for (var round = 1; round <= 2; round++)
        {
            await numbers.MoreAsync(100);
            await tab.UntilAsync("c", round * 100);
            await hub.KillAsync();
            await tab.UntilAsync($"tab.of('c', 'state').filter(({{ data }}) => data.state === 'offline').length >= {round}");
            await hub.LaunchAsync();
            await tab.UntilAsync($"tab.of('c', 'state').filter(({{ data }}) => data.state === 'live').length > {round}");
        }

        await numbers.MoreAsync(100);
        var last = await numbers.EndAsync();
        await tab.UntilAsync($"tab.of('c', 'message').some((note) => note.data.payload === {last})");
        await LogOfTopic.ShouldHoldWhatWasSeenAsync(hub.Http, "n", await tab.NotesAsync("c", "message"), last);
        (await tab.NotesAsync("c", "gap")).ShouldAllBe(gap => gap.Data.GetProperty("reason").GetString() == "crashed");
        (await tab.NotesAsync("c")).ShouldNotContain(note => note.Type == "reset" || note.Type == "close");

        var states = (await tab.NotesAsync("c", "state")).Select(note => note.Data).ToList();
        states.Where(state => state.GetProperty("state").GetString() == "live").ShouldAllBe(state => state.GetProperty("transport").GetString() == transport);
        states.Select(state => state.GetProperty("state").GetString()).Take(3).ShouldBe(["connecting", "live", "offline"]);
    }
}
