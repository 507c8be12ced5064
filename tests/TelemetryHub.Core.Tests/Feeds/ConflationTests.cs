using TelemetryHub.Core.Feeds;
using TelemetryHub.Core.Tests.Feeds.Harness;

namespace TelemetryHub.Core.Tests.Feeds;

public sealed class ConflationTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task What_comes_after_a_pause_comes_at_once_and_then_the_newest_of_each_topic_once_per_interval()
    {
        await using var feeds = TestFeeds.Start(loop: new InlineLoop());
        using var reader = feeds.Open("#", every: Second);
        Publish(feeds, "a=1");
        reader.Now().ShouldBe(["a=1"]);
        Publish(feeds, "a=2", "b=3", "a=4", "c=5", "b=6");
        reader.Now().ShouldBeEmpty();

        feeds.Time.AdvanceSeconds(1);
        reader.Now().ShouldBe(["a=4", "c=5", "b=6"]);
        Publish(feeds, "a=7");
        reader.Now().ShouldBeEmpty();
        feeds.Time.AdvanceSeconds(0.5);
        reader.Now().ShouldBeEmpty();
        feeds.Time.AdvanceSeconds(0.5);
        reader.Now().ShouldBe(["a=7"]);
    }

    [Fact]
    public async Task Only_what_fulfils_the_condition_takes_the_place_of_an_older_event()
    {
        await using var feeds = TestFeeds.Start(loop: new InlineLoop());
        using var reader = feeds.Open("#", every: Second, where: "v > 1");
        feeds.Publish("x", """{"v":9}""");
        feeds.Publish("a", """{"v":2}""");
        feeds.Publish("a", """{"v":0}""");
        feeds.Time.AdvanceSeconds(1);
        reader.Now().ShouldBe(["""x={"v":9}""", """a={"v":2}"""]);
    }

    [Fact]
    public async Task A_heartbeat_does_not_move_the_cursor_past_what_is_held_back()
    {
        await using var feeds = TestFeeds.Start(loop: new InlineLoop());
        using var reader = feeds.Open("a", every: TimeSpan.FromMinutes(1), heartbeatSeconds: 5);
        Publish(feeds, "a=1");
        reader.Now().ShouldBe(["a=1"]);
        var shown = reader.Cursor.Sequence;
        Publish(feeds, "a=2", "b=3");
        for (var second = 0; second < 7; second++)
            feeds.Time.AdvanceSeconds(1);
        reader.Now().ShouldBeEmpty();
        reader.Cursor.Sequence.ShouldBe(shown);

        using var resumed = feeds.Open("a", reader.Resume);
        resumed.Now().ShouldBeEmpty(); // from the log: in a moment
        (await resumed.NextEventAsync()).ShouldBe("a=2");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Wherever_a_reader_is_cut_off_it_gets_nothing_older_afterwards_and_the_newest_of_each_topic(int seed)
    {
        var random = new Random(seed);
        await using var feeds = TestFeeds.Start(new FeedSettings { RingBytes = 64 << 10 }, tailEvents: 128, segmentBytes: 64 << 10, loop: new InlineLoop());
        var (newest, shown) = (new Dictionary<string, int>(), new Dictionary<string, int>());
        var start = FeedStart.Earliest;
        for (var (stay, value) = (0, 1); stay < 60; stay++)
        {
            using var reader = feeds.Open("t/#", start, every: Second);
            for (var turns = random.Next(1, 6); turns > 0; turns--)
            {
                for (var events = random.Next(0, 400); events > 0; events--, value++)
                {
                    var topic = $"t/{random.Next(20)}";
                    feeds.Publish(topic, $"{value}");
                    newest[topic] = value;
                }
                if (random.Next(3) > 0)
                    feeds.Time.AdvanceSeconds(random.NextDouble() * 2);
                if (random.Next(2) == 0)
                    reader.TakeSome().ForEach(@event => Show(@event, shown));
                await Task.Yield(); // a page of the past may come here or later
            }
            start = reader.Cursor.Sequence > 0 ? reader.Resume : start;
        }

        using var last = feeds.Open("t/#", start, every: Second);
        feeds.Time.AdvanceSeconds(2);
        while (newest.Any(topic => shown.GetValueOrDefault(topic.Key) != topic.Value))
            Show(await last.NextEventAsync(), shown);
    }

    private static void Show(string @event, Dictionary<string, int> shown)
    {
        var (topic, value) = (@event.Split('=')[0], int.Parse(@event.Split('=')[1], System.Globalization.CultureInfo.InvariantCulture));
        value.ShouldBeGreaterThan(shown.GetValueOrDefault(topic), $"{topic} has been shown newer");
        shown[topic] = value;
    }

    private static void Publish(TestFeeds feeds, params string[] events)
    {
        foreach (var @event in events)
            feeds.Publish(@event.Split('=')[0], @event.Split('=')[1]);
    }
}
