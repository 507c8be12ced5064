using TelemetryHub.Core.Feeds;
using TelemetryHub.Core.Tests.Feeds.Harness;

namespace TelemetryHub.Core.Tests.Feeds;

public sealed class ResumeTests
{
    [Theory]
    [InlineData(1 << 15)]
    [InlineData(64)]
    public async Task A_reader_that_comes_back_gets_what_it_missed_from_memory_or_from_disk(int tailEvents)
    {
        await using var feeds = TestFeeds.Start(tailEvents: tailEvents);
        FeedStart resume;
        using (var reader = feeds.Open("a/#"))
        {
            feeds.Publish("a/0", "0");
            await reader.NextEventAsync();
            resume = reader.Resume;
        }
        for (var i = 1; i <= 1000; i++)
        {
            feeds.Publish($"a/{i % 7}", $"{i}");
            feeds.Publish("b", "other");
        }

        using var again = feeds.Open("a/#", resume);
        (await again.NextEventsAsync(1000)).Last().ShouldBe($"a/{1000 % 7}=1000");
        feeds.Publish("a/live", "live");
        (await again.NextEventAsync()).ShouldBe("a/live=live");
    }

    [Fact]
    public async Task Across_a_restart_nothing_is_lost_and_nothing_comes_twice()
    {
        await using var feeds = TestFeeds.Start();
        FeedStart resume;
        using (var reader = feeds.Open("a,b"))
        {
            feeds.Publish("a", "1");
            await reader.NextEventAsync();
            resume = reader.Resume;
            feeds.Publish("b", "2");
            feeds.Publish("a", "3");
        }
        await feeds.RestartAsync();
        feeds.Publish("a", "4");

        using var again = feeds.Open("a,b", resume);
        (await again.NextEventsAsync(3)).ShouldBe(["b=2", "a=3", "a=4"]);
    }

    [Fact]
    public async Task A_cursor_of_another_log_is_told_and_the_reader_goes_on_live()
    {
        await using var feeds = TestFeeds.Start();
        feeds.Publish("a", "old");
        foreach (var (start, reason) in new[]
        {
            (FeedStart.After(new Cursor("other", 1)), "epoch"),
            (FeedStart.After(new Cursor(feeds.Epoch, 1L << 40)), "future"),
            (FeedStart.Unknown, "unknown"),
        })
        {
            using var reader = feeds.Open(start: start);
            var reset = await reader.NextAsync();
            TestReader.TypeOf(reset).ShouldBe("reset");
            reset.GetProperty("reason").GetString().ShouldBe(reason);
            reset.GetProperty("id").GetString().ShouldBe($"{feeds.Epoch}-{feeds.Log.Journal.Next - 1}");
            feeds.Publish("a", reason);
            (await reader.NextEventAsync()).ShouldBe($"a={reason}");
        }
    }

    [Fact]
    public async Task What_is_not_kept_any_more_is_told_as_a_gap()
    {
        await using var feeds = TestFeeds.Start(tailEvents: 64, segmentBytes: 64 << 10, maxBytes: 256 << 10);
        using (feeds.Open())
            feeds.Publish("a", "first");
        var first = feeds.Log.Journal.Next - 1;
        for (var i = 0; feeds.Log.Journal.OldestKept <= first; i++)
        {
            feeds.Publish("a", new string('x', 500));
            i.ShouldBeLessThan(100_000, "retention has to work at last");
            if (i % 256 == 0)
                await feeds.Log.KeptAsync(feeds.Log.Append("a"));
        }
        feeds.Router.Pump();

        using var reader = feeds.Open(start: FeedStart.After(new Cursor(feeds.Epoch, first - 1)));
        var seen = first - 1;
        var item = await reader.NextAsync();
        TestReader.TypeOf(item).ShouldBe("gap");
        for (; TestReader.TypeOf(item) == "gap"; item = await reader.NextAsync())
        {
            // One, or more when retention goes on meanwhile: each begins where the one before ended.
            item.GetProperty("reason").GetString().ShouldBe("dropped");
            item.GetProperty("from").GetString().ShouldBe($"{feeds.Epoch}-{seen}");
            seen += item.GetProperty("missed").GetInt64();
            item.GetProperty("to").GetString().ShouldBe($"{feeds.Epoch}-{seen}");
        }
        reader.Cursor.Sequence.ShouldBe(seen + 1);
    }

    [Fact]
    public async Task From_the_earliest_comes_everything_that_is_kept()
    {
        await using var feeds = TestFeeds.Start(tailEvents: 64);
        for (var i = 0; i < 300; i++)
            feeds.Publish("a", $"{i}");
        using var reader = feeds.Open(start: FeedStart.Earliest);
        (await reader.NextEventsAsync(300)).ShouldBe(Enumerable.Range(0, 300).Select(i => $"a={i}"));
    }
}
