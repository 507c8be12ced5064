using TelemetryHub.Core.Feeds;
using TelemetryHub.Core.Tests.Feeds.Harness;

namespace TelemetryHub.Core.Tests.Feeds;

/// <summary>Where the past ends and the ring begins, with a feed that is behind the log.</summary>
public sealed class HandOverTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public async Task What_came_from_the_log_does_not_come_again_when_the_feed_gets_there(int everyMilliseconds)
    {
        var loop = new QueuedLoop();
        await using var feeds = TestFeeds.Start(loop: loop);
        feeds.Publish("a/0", "before");
        using var reader = feeds.Open("a/#", FeedStart.Earliest, every: TimeSpan.FromMilliseconds(everyMilliseconds));
        using var other = feeds.Open("a/#", every: TimeSpan.FromMilliseconds(everyMilliseconds));
        for (var i = 1; i <= 10; i++)
            feeds.Publish($"a/{i}", "routed");
        if (everyMilliseconds == 0)
            (await reader.NextEventsAsync(1)).ShouldBe(["a/0=before"]);
        loop.Run();
        feeds.Publish("a/11", "last");
        loop.Run();
        feeds.Time.AdvanceSeconds(2);
        loop.Run();

        (await other.NextEventsAsync(11)).ShouldBe([.. Enumerable.Range(1, 10).Select(i => $"a/{i}=routed"), "a/11=last"]);
        var events = new List<string>();
        while (events.LastOrDefault() != "a/11=last")
            events.Add(await reader.NextEventAsync());
        events.ShouldBeUnique();
        events.Count.ShouldBe(everyMilliseconds == 0 ? 11 : 12);
    }

    [Fact]
    public async Task A_cursor_from_a_feed_that_was_ahead_gives_nothing_twice()
    {
        var (ahead, behind) = (new QueuedLoop(), new QueuedLoop());
        await using var feeds = TestFeeds.Start();
        using var quick = new TestReader(feeds.Table, TestFeeds.Definition("a"), new ReaderOptions { Transport = "test" }, ahead);
        using var holds = new TestReader(feeds.Table, TestFeeds.Definition("a"), new ReaderOptions { Transport = "test" }, behind);
        for (var i = 0; i < 5; i++)
            feeds.Publish("a", $"{i}");
        ahead.Run();
        (await quick.NextEventsAsync(5)).Count.ShouldBe(5);

        using var reader = new TestReader(feeds.Table, TestFeeds.Definition("a"), new ReaderOptions { Start = quick.Resume, Transport = "test" }, behind);
        reader.Now().ShouldBeEmpty();
        behind.Run();
        reader.Now().ShouldBeEmpty();
        feeds.Publish("a", "new");
        behind.Run();
        reader.Now().ShouldBe(["a=new"]);
    }

    [Fact]
    public async Task A_feed_with_several_filters_is_complete_or_says_nothing()
    {
        // Events come by the first filter while the second one is being added: they are of before.
        var loop = new QueuedLoop();
        await using var feeds = TestFeeds.Start(loop: loop);
        feeds.Append("b", "before");
        feeds.Append("a", "before");
        using var reader = feeds.Open("a,b");
        loop.Run();
        reader.Now().ShouldBeEmpty();
        feeds.Publish("a", "now");
        loop.Run();
        reader.Now().ShouldBe(["a=now"]);
    }
}
