using TelemetryHub.Core.Feeds;
using TelemetryHub.Core.Tests.Feeds.Harness;

namespace TelemetryHub.Core.Tests.Feeds;

public sealed class RetentionTests
{
    private const int Events = 6000;

    [Theory]
    [InlineData("#")]
    [InlineData("a/+,b")]
    public async Task What_retention_drops_before_the_eyes_of_a_reader_is_told_and_all_the_rest_comes_in_order(string filters)
    {
        await using var feeds = TestFeeds.Start(new FeedSettings { RingBytes = 64 << 10 }, tailEvents: 128, segmentBytes: 64 << 10, maxBytes: 320 << 10);
        using var slow = feeds.Open(filters, FeedStart.Earliest, OverflowPolicy.Replay);
        using var quick = feeds.Open(filters, FeedStart.Earliest, OverflowPolicy.Replay);
        var follow = Task.Run(() => FollowAsync(quick), TestContext.Current.CancellationToken);
        for (var i = 0; i < Events; i++)
        {
            feeds.Publish(i % 2 == 0 ? "a/1" : "b", $"{i}{new string(' ', 200)}");
            if (i % 200 == 0)
                await feeds.Log.KeptAsync(PublishKept(feeds));
            if (i % 50 == 0)
                slow.Fill();
        }
        feeds.Publish("b", "-1");

        (await FollowAsync(slow)).ShouldBeGreaterThan(0, "it was slow");
        await follow;
        feeds.Log.Journal.OldestKept.ShouldBeGreaterThan(1);
    }

    private static long PublishKept(TestFeeds feeds)
    {
        var ticket = feeds.Log.Append("c");
        feeds.Router.Pump();
        return ticket;
    }

    // Returns how many gaps there were.
    private static async Task<int> FollowAsync(TestReader reader)
    {
        var (last, at, gaps) = (-1, 0L, 0);
        while (true)
        {
            var item = await reader.NextAsync();
            if (TestReader.TypeOf(item) == "gap")
            {
                item.GetProperty("reason").GetString().ShouldBe("dropped");
                reader.Cursor.Sequence.ShouldBeGreaterThan(at);
                (at, last) = (reader.Cursor.Sequence, -1);
                gaps++;
                continue;
            }
            if (item.GetProperty("topic").GetString() == "c")
                continue;
            var value = item.GetProperty("payload").GetInt32();
            if (value < 0)
                return gaps;
            if (last >= 0)
                value.ShouldBe(last + 1, "nothing is missing but where a gap was told");
            reader.Cursor.Sequence.ShouldBeGreaterThan(at);
            (last, at) = (value, reader.Cursor.Sequence);
        }
    }
}
