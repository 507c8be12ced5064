using TelemetryHub.Core.Feeds;
using TelemetryHub.Core.Feeds.Control;
using TelemetryHub.Core.Tests.Feeds.Harness;

namespace TelemetryHub.Core.Tests.Feeds;

public sealed class LiveTests
{
    [Fact]
    public async Task What_is_published_comes_in_order_with_its_cursor()
    {
        await using var feeds = TestFeeds.Start();
        using var reader = feeds.Open("a/#");
        foreach (var payload in new[] { "1", "2", "3" })
        {
            feeds.Publish("a/b", payload);
            feeds.Publish("c", payload);
        }

        (await reader.NextEventsAsync(3)).ShouldBe(["a/b=1", "a/b=2", "a/b=3"]);
        reader.Cursor.ShouldBe(new Cursor(feeds.Epoch, feeds.Log.Journal.Next - 2));
    }

    [Fact]
    public async Task The_first_thing_that_a_live_reader_gets_is_a_cursor_from_which_it_can_resume()
    {
        await using var feeds = TestFeeds.Start();
        feeds.Publish("a", "before");
        using (var reader = feeds.Open())
        {
            TestReader.TypeOf(await reader.NextItemAsync()).ShouldBe("cursor");
            feeds.Publish("a", "meanwhile");
            using var resumed = feeds.Open(start: reader.Resume);
            (await resumed.NextEventAsync()).ShouldBe("a=meanwhile");
        }
    }

    [Fact]
    public async Task Filters_that_overlap_give_an_event_once()
    {
        await using var feeds = TestFeeds.Start();
        using var reader = feeds.Open("a/#,a/b,+/b,c");
        feeds.Publish("a/b");
        feeds.Publish("x/b");
        feeds.Publish("c");

        (await reader.NextEventsAsync(3)).ShouldBe(["a/b=1", "x/b=1", "c=1"]);
    }

    [Fact]
    public async Task Readers_of_the_same_share_a_feed_which_goes_with_the_last()
    {
        await using var feeds = TestFeeds.Start();
        var readers = new[] { feeds.Open("a,b"), feeds.Open("b,a,a"), feeds.Open("a") };
        feeds.Table.FeedCount.ShouldBe(2);
        feeds.Table.ReaderCount.ShouldBe(3);
        feeds.Router.SubscriptionCount.ShouldBe(3);

        readers[0].Dispose();
        feeds.Table.FeedCount.ShouldBe(2);
        readers[1].Dispose();
        readers[1].Dispose();
        readers[2].Dispose();

        feeds.Table.FeedCount.ShouldBe(0);
        feeds.Table.ReaderCount.ShouldBe(0);
        feeds.Router.SubscriptionCount.ShouldBe(0);
    }

    [Fact]
    public async Task Only_what_fulfils_the_condition_comes()
    {
        await using var feeds = TestFeeds.Start();
        using var reader = feeds.Open(where: "temp > 30");
        feeds.Publish("a", """{"temp":20}""");
        feeds.Publish("b", """{"temp":31}""");
        feeds.Publish("c", "hot");
        feeds.Publish("d", """{"temp":40}""");

        (await reader.NextEventsAsync(2)).ShouldBe(["""b={"temp":31}""", """d={"temp":40}"""]);
    }

    [Fact]
    public async Task A_heartbeat_moves_the_cursor_past_what_was_not_for_the_reader()
    {
        await using var feeds = TestFeeds.Start();
        using var reader = feeds.Open("a", heartbeatSeconds: 15);
        await reader.NextItemAsync();
        feeds.Publish("b");
        feeds.Publish("b");
        for (var second = 0; second < 16; second++)
            feeds.Time.AdvanceSeconds(1);

        TestReader.TypeOf(await reader.NextItemAsync()).ShouldBe("cursor");
        reader.Cursor.Sequence.ShouldBe(feeds.Log.Journal.Next - 1);
    }

    [Fact]
    public async Task A_stop_tells_every_reader_and_whoever_comes_later()
    {
        await using var feeds = TestFeeds.Start();
        using var early = feeds.Open();
        feeds.Table.Stop(ByeReason.Shutdown);
        using var late = feeds.Open();
        foreach (var reader in new[] { early, late })
        {
            var bye = await reader.NextAsync();
            TestReader.TypeOf(bye).ShouldBe("bye");
            bye.GetProperty("reason").GetString().ShouldBe("shutdown");
            reader.Fill().ShouldBe(ReaderFill.End);
        }
    }
}
