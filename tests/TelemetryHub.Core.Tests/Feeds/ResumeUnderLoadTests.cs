using TelemetryHub.Core.Feeds;
using TelemetryHub.Core.Tests.Feeds.Harness;

namespace TelemetryHub.Core.Tests.Feeds;

public sealed class ResumeUnderLoadTests
{
    private const int Events = 30_000;

    [Theory]
    [InlineData("#", 1 << 15)]
    [InlineData("#", 256)]
    [InlineData("a/1,a/3,b/+", 256)]
    [InlineData("a/2", 256)]
    public async Task Readers_that_come_and_go_while_events_are_published_lose_none_and_get_none_twice(string filters, int tailEvents)
    {
        var cancel = TestContext.Current.CancellationToken;
        // A small ring, so that readers are lapped as well.
        await using var feeds = TestFeeds.Start(new FeedSettings { RingBytes = 64 << 10 }, tailEvents, segmentBytes: 256 << 10);
        var expected = Enumerable.Range(0, Events).Where(i => TestFeeds.Definition(filters).Filters.Matches(feeds.Log.Topics.Get(System.Text.Encoding.UTF8.GetBytes(TopicOf(i))).Name)).ToList();
        var readers = Enumerable.Range(0, 6).Select(seed => Task.Run(() => FollowAsync(feeds, filters, expected.Count, seed), cancel)).ToList();
        var publisher = Task.Run(
            () =>
            {
                for (var i = 0; i < Events; i++)
                    feeds.Publish(TopicOf(i), $"{i}");
            },
            cancel);

        await publisher;
        foreach (var reader in readers)
            (await reader).ShouldBe(expected);
        feeds.Table.FeedCount.ShouldBe(0);
    }

    private static string TopicOf(int i) => $"{(i % 2 == 0 ? "a" : "b")}/{i % 5}";

    private static async Task<List<int>> FollowAsync(TestFeeds feeds, string filters, int count, int seed)
    {
        var random = new Random(seed);
        var seen = new List<int>();
        var start = FeedStart.Earliest;
        while (seen.Count < count)
        {
            using var reader = feeds.Open(filters, start, OverflowPolicy.Replay);
            for (var stay = random.Next(1, 4000); stay > 0 && seen.Count < count; stay--)
            {
                var item = await reader.NextAsync();
                TestReader.TypeOf(item).ShouldBe("event", item.ToString());
                seen.Add(item.GetProperty("payload").GetInt32());
            }
            start = reader.Resume;
        }
        return seen;
    }
}
