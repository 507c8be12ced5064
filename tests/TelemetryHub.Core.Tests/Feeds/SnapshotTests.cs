using TelemetryHub.Core.Feeds;
using TelemetryHub.Core.Tests.Feeds.Harness;

namespace TelemetryHub.Core.Tests.Feeds;

public sealed class SnapshotTests
{
    [Fact]
    public async Task First_comes_the_newest_event_of_every_topic_then_what_is_live()
    {
        await using var feeds = TestFeeds.Start();
        foreach (var (topic, payload) in new[] { ("a/1", "1"), ("a/2", "2"), ("a/1", "3"), ("b", "4") })
            feeds.Publish(topic, payload);
        using var reader = feeds.Open("a/#", snapshot: true);

        (await reader.NextEventsAsync(2)).ShouldBe(["a/2=2", "a/1=3"]);
        TestReader.TypeOf(await reader.NextAsync()).ShouldBe("snapshot-end");
        feeds.Publish("a/2", "5");
        (await reader.NextEventAsync()).ShouldBe("a/2=5");
    }

    [Fact]
    public async Task A_snapshot_that_was_cut_off_goes_on_where_it_was()
    {
        await using var feeds = TestFeeds.Start();
        for (var i = 0; i < 100; i++)
            feeds.Publish($"a/{i % 10}", $"{i}");
        using var cut = feeds.Open("a/#", snapshot: true);
        await cut.NextEventsAsync(4);

        using var reader = feeds.Open("a/#", cut.Resume, snapshot: true);
        (await reader.NextEventsAsync(6)).ShouldBe(Enumerable.Range(94, 6).Select(i => $"a/{i % 10}={i}"));
    }

    [Fact]
    public async Task Nobody_gets_a_topic_in_the_snapshot_whose_newest_event_does_not_fulfil_the_condition()
    {
        await using var feeds = TestFeeds.Start();
        feeds.Publish("a", """{"v":1}""");
        feeds.Publish("b", """{"v":5}""");
        using var reader = feeds.Open("#", snapshot: true, where: "v > 3");
        (await reader.NextEventAsync()).ShouldBe("""b={"v":5}""");
        TestReader.TypeOf(await reader.NextAsync()).ShouldBe("snapshot-end");
    }

    [Fact]
    public async Task After_a_reset_the_snapshot_comes_as_well()
    {
        await using var feeds = TestFeeds.Start();
        feeds.Publish("a", "1");
        using var reader = feeds.Open("#", FeedStart.After(new Cursor("other", 3)), snapshot: true);
        TestReader.TypeOf(await reader.NextAsync()).ShouldBe("reset");
        (await reader.NextEventAsync()).ShouldBe("a=1");
        TestReader.TypeOf(await reader.NextAsync()).ShouldBe("snapshot-end");
    }
}
