using TelemetryHub.Browser.Tests.Browsers;
using TelemetryHub.EndToEnd.Tests.Feeds;

namespace TelemetryHub.Browser.Tests.Streams;

/// <summary>What becomes of an EventSource that asks for what it cannot get.</summary>
public sealed class RefusalTests(Chromium chromium, FeedFixture fixture) : IClassFixture<FeedFixture>
{
    [Fact]
    public async Task An_EventSource_with_a_wrong_parameter_is_told_so_once_and_stops_for_good_when_it_comes_back()
    {
        await using var window = await chromium.OpenWindowAsync();
        var tab = await window.OpenBlankTabAsync(fixture.Hub.Http);

        await tab.ListenAsync("bad", "/events?topic=a/%23/b");
        await tab.UntilAsync("tab.of('bad', 'error').length === 1");

        // It would come back after a minute, more or less: the tab's clock goes on without us.
        (await tab.NotesAsync("bad", "error")).Single().State.ShouldBe(Note.Connecting);
        tab.Requests.Count(IsForEvents).ShouldBe(1);
        await tab.LetTimePassAsync(TimeSpan.FromMinutes(5));
        await tab.UntilAsync("tab.of('bad', 'error').length === 2");

        var notes = await tab.NotesAsync("bad");
        notes.Select(note => note.Type).ShouldBe(["open", "bye", "error", "error"]);
        notes[1].Data.GetProperty("reason").GetString().ShouldBe("bad-request");
        notes[1].Data.GetProperty("parameter").GetString().ShouldBe("topic");
        notes[3].State.ShouldBe(Note.Closed);
        tab.Requests.Count(IsForEvents).ShouldBe(2);
    }

    private static bool IsForEvents(string address) => address.Contains("/events?", StringComparison.Ordinal);
}
