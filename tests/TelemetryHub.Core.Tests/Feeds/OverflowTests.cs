using TelemetryHub.Core.Feeds;
using TelemetryHub.Core.Tests.Feeds.Harness;

namespace TelemetryHub.Core.Tests.Feeds;

public sealed class OverflowTests
{
    private const int Events = 5000;

    [Fact]
    public async Task A_lapped_reader_is_told_how_many_events_it_missed()
    {
        await using var feeds = await LappedAsync();
        using var reader = await StalledAsync(feeds, OverflowPolicy.Gap);
        var gap = await reader.NextAsync();
        TestReader.TypeOf(gap).ShouldBe("gap");
        gap.GetProperty("reason").GetString().ShouldBe("slow");
        var missed = gap.GetProperty("missed").GetInt32();
        var from = reader.Cursor.Sequence - missed;
        gap.GetProperty("from").GetString().ShouldBe($"{feeds.Epoch}-{from}");

        (await reader.NextEventsAsync(Events - missed)).ShouldBe(Enumerable.Range(missed, Events - missed).Select(i => $"t/{i % 3}={i}"));
        feeds.Table.Report().Single().Readers.Max(report => report.Missed.Values.Sum()).ShouldBe(missed);
    }

    [Fact]
    public async Task A_lapped_reader_that_wants_everything_catches_up_from_the_log()
    {
        await using var feeds = await LappedAsync();
        using var reader = await StalledAsync(feeds, OverflowPolicy.Replay);
        (await reader.NextEventsAsync(Events)).ShouldBe(Enumerable.Range(0, Events).Select(i => $"t/{i % 3}={i}"));
    }

    [Fact]
    public async Task A_lapped_reader_that_wants_the_latest_gets_the_newest_event_of_each_topic()
    {
        await using var feeds = await LappedAsync();
        using var reader = await StalledAsync(feeds, OverflowPolicy.Latest);
        (await reader.NextEventsAsync(3)).ShouldBe(Enumerable.Range(Events - 3, 3).Select(i => $"t/{i % 3}={i}"));
        feeds.Publish("t/0", "live");
        (await reader.NextEventAsync()).ShouldBe("t/0=live");
    }

    [Fact]
    public async Task A_lapped_reader_that_would_rather_go_is_told_and_ended()
    {
        await using var feeds = await LappedAsync();
        using var reader = await StalledAsync(feeds, OverflowPolicy.Close);
        var bye = await reader.NextAsync();
        TestReader.TypeOf(bye).ShouldBe("bye");
        bye.GetProperty("reason").GetString().ShouldBe("slow");
        reader.Fill().ShouldBe(ReaderFill.End);
    }

    private static Task<TestFeeds> LappedAsync() => Task.FromResult(TestFeeds.Start(new FeedSettings { RingBytes = 64 << 10 }, tailEvents: 256));

    // It has got its first cursor and then nothing, while another one takes everything.
    private static async Task<TestReader> StalledAsync(TestFeeds feeds, OverflowPolicy overflow)
    {
        var reader = feeds.Open("t/#", overflow: overflow);
        await reader.NextItemAsync();
        using var witness = feeds.Open("t/#", overflow: OverflowPolicy.Replay);
        for (var i = 0; i < Events; i++)
            feeds.Publish($"t/{i % 3}", $"{i}");
        await witness.NextEventsAsync(Events);
        return reader;
    }
}
