using System.Text;
using TelemetryHub.Core.Feeds;
using TelemetryHub.Core.Feeds.Replays;
using TelemetryHub.Core.Tests.Feeds.Harness;

namespace TelemetryHub.Core.Tests.Feeds;

/// <summary>What reading the past may cost.</summary>
public sealed class ReplayBoundTests
{
    private const int PageBytes = 64 << 10;

    [Theory]
    [InlineData(64)]
    [InlineData(1 << 15)]
    public async Task A_page_is_small_however_large_the_events_are(int tailEvents)
    {
        const int Payload = 100_000;
        await using var feeds = TestFeeds.Start(tailEvents: tailEvents, segmentBytes: 32 << 20);
        for (var i = 0; i < 300; i++)
            feeds.Publish("small", "1");
        for (var i = 0; i < 100; i++)
            feeds.Publish("large", new string('x', Payload));
        await feeds.Log.KeptAsync(feeds.Log.Append("end"));
        feeds.Router.Pump();
        // It is behind all of it, and so nothing is left out because the ring has it.
        var feed = new Feed(feeds.Table, TestFeeds.Definition("#"), new InlineLoop());
        feed.Attach();

        var text = new StringBuilder();
        foreach (var page in new Replay(feed, 0).Pages())
        {
            page!.Items!.Used.ShouldBeLessThan((2 * PageBytes) + Payload + 1000);
            text.Append(Encoding.UTF8.GetString(page.Items.Slice(0, int.MaxValue, out _)));
            if (page.To == feeds.Log.Journal.Next - 1)
                break;
        }
        text.ToString().Split("\"topic\":").Length.ShouldBe(1 + 401);
        feed.Dispose();
    }

    [Fact]
    public async Task A_snapshot_that_is_taken_slowly_gives_nothing_older_than_what_was_shown_and_the_newest_at_last()
    {
        const int Topics = 3000;
        await using var feeds = TestFeeds.Start(loop: new InlineLoop());
        for (var i = 0; i < Topics; i++)
            feeds.Publish($"t/{i}", "1");
        using var reader = feeds.Open("t/#", snapshot: true);
        var shown = new Dictionary<string, int>();
        Show(await reader.NextEventsAsync(10), shown);
        for (var i = 0; i < Topics; i += 2)
            feeds.Publish($"t/{i}", "2");
        while (await reader.NextAsync() is var item && TestReader.TypeOf(item) == "event")
            Show([$"{item.GetProperty("topic")}={item.GetProperty("payload")}"], shown);
        Show(await reader.NextEventsAsync(Topics / 2), shown);
        shown.Count.ShouldBe(Topics);
        shown.Values.Sum().ShouldBe(Topics * 3 / 2);
    }

    private static void Show(List<string> events, Dictionary<string, int> shown)
    {
        foreach (var parts in events.Select(@event => @event.Split('=')))
        {
            var value = int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
            value.ShouldBeGreaterThan(shown.GetValueOrDefault(parts[0]), parts[0]);
            shown[parts[0]] = value;
        }
    }
}
