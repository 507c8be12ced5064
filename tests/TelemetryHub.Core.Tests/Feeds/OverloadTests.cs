using TelemetryHub.Core.Feeds;
using TelemetryHub.Core.Tests.Feeds.Harness;

namespace TelemetryHub.Core.Tests.Feeds;

public sealed class OverloadTests
{
    [Fact]
    public async Task What_the_hub_could_not_encode_is_told_with_its_number_and_a_reader_that_wants_everything_gets_it_from_the_log()
    {
        var loop = new QueuedLoop();
        await using var feeds = TestFeeds.Start(new FeedSettings { MaxWaitingEvents = 100 }, loop: loop);
        using var jumping = feeds.Open();
        using var patient = feeds.Open(overflow: OverflowPolicy.Replay);
        jumping.Now().ShouldBeEmpty();
        patient.Now().ShouldBeEmpty();
        for (var i = 0; i < 300; i++)
            feeds.Publish("a", $"{i}");
        loop.Run();

        var gap = await jumping.NextAsync();
        TestReader.TypeOf(gap).ShouldBe("gap");
        gap.GetProperty("reason").GetString().ShouldBe("overload");
        gap.GetProperty("missed").GetInt64().ShouldBe(200);
        (await jumping.NextEventsAsync(100)).ShouldBe(Enumerable.Range(200, 100).Select(i => $"a={i}"));
        (await patient.NextEventsAsync(300)).ShouldBe(Enumerable.Range(0, 300).Select(i => $"a={i}"));
    }

    [Fact]
    public async Task A_reader_that_does_not_read_costs_others_nothing_and_the_hub_no_more_than_a_ring()
    {
        const int RingBytes = 256 << 10;
        await using var feeds = TestFeeds.Start(new FeedSettings { RingBytes = RingBytes }, loop: new InlineLoop());
        using var dead = feeds.Open();
        var readers = Enumerable.Range(0, 20).Select(_ => feeds.Open()).ToList();
        for (var i = 0; i < 20_000; i++)
        {
            feeds.Publish("a", $"{i}");
            if (i % 500 != 499)
                continue;
            foreach (var reader in readers)
                reader.Now().Count.ShouldBe(500);
        }

        var report = feeds.Table.Report().Single();
        report.Bytes.ShouldBeLessThanOrEqualTo(RingBytes);
        report.Readers.Count(reader => reader.Behind == 20_000).ShouldBe(1);
        readers.ForEach(reader => reader.Dispose());
    }

    [Fact]
    public async Task Of_what_was_not_encoded_nobody_says_how_much_would_have_fulfilled_a_condition()
    {
        var loop = new QueuedLoop();
        await using var feeds = TestFeeds.Start(new FeedSettings { MaxWaitingEvents = 10 }, loop: loop);
        using var reader = feeds.Open(where: "v > 1");
        reader.Now().ShouldBeEmpty();
        for (var i = 0; i < 100; i++)
            feeds.Publish("a", $$"""{"v":{{i % 4}}}""");
        loop.Run();
        var gap = await reader.NextAsync();
        gap.GetProperty("reason").GetString().ShouldBe("overload");
        gap.GetProperty("missed").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
    }

    [Fact]
    public async Task A_conflating_feed_that_was_overloaded_gives_nothing_older_than_the_gap()
    {
        var loop = new QueuedLoop();
        await using var feeds = TestFeeds.Start(new FeedSettings { MaxWaitingEvents = 10 }, loop: loop);
        using var reader = feeds.Open(every: TimeSpan.FromSeconds(1));
        foreach (var topic in new[] { "a", "b", "c" })
        {
            feeds.Publish(topic, "held");
            loop.Run();
        }
        for (var i = 0; i < 100; i++)
            feeds.Publish($"d/{i}", "1");
        feeds.Time.AdvanceSeconds(1);
        loop.Run();
        var last = 0L;
        foreach (var item in reader.TakeRaw())
        {
            reader.Cursor.Sequence.ShouldBeGreaterThan(0);
            Cursor.TryParse(item.GetProperty("id").GetString(), out var cursor).ShouldBeTrue();
            cursor.Sequence.ShouldBeGreaterThan(last);
            last = cursor.Sequence;
        }
    }

    [Fact]
    public async Task Much_at_once_laps_nobody_who_keeps_up()
    {
        var loop = new QueuedLoop();
        await using var feeds = TestFeeds.Start(new FeedSettings { RingBytes = 64 << 10 }, loop: loop);
        using var reader = feeds.Open();
        for (var i = 0; i < 500; i++)
            feeds.Publish("a", $"{i}{new string(' ', 1000)}");
        var seen = reader.Now();
        while (loop.Step())
            seen.AddRange(reader.Now());
        seen.ShouldBe(Enumerable.Range(0, 500).Select(i => $"a={i}"));
    }

    [Fact]
    public async Task Much_that_was_held_back_laps_nobody_who_keeps_up()
    {
        var loop = new QueuedLoop();
        await using var feeds = TestFeeds.Start(new FeedSettings { RingBytes = 64 << 10 }, loop: loop);
        using var reader = feeds.Open(every: TimeSpan.FromSeconds(1));
        feeds.Publish("first");
        loop.Run();
        for (var i = 0; i < 2000; i++)
            feeds.Publish($"a/{i}");
        loop.Run();
        var seen = reader.Now();
        feeds.Time.AdvanceSeconds(1);
        while (loop.Step())
            seen.AddRange(reader.Now());
        seen.Count.ShouldBe(2001);
        seen.ShouldNotContain("gap");
    }

    [Fact]
    public async Task What_is_held_back_is_bounded_however_long_the_interval()
    {
        await using var feeds = TestFeeds.Start(new FeedSettings { MaxWaitingBytes = 64 << 10 }, loop: new InlineLoop());
        using var reader = feeds.Open(every: TimeSpan.FromDays(1));
        for (var i = 0; i < 2000; i++)
            feeds.Publish($"a/{i}");
        reader.Now().Count.ShouldBeGreaterThan(1000);
    }

    [Fact]
    public async Task A_small_ring_does_not_lap_a_reader_that_is_one_event_behind()
    {
        await using var feeds = TestFeeds.Start(new FeedSettings { RingBytes = 64 << 10 }, loop: new InlineLoop());
        using var reader = feeds.Open();
        feeds.Publish("a", "0");
        for (var i = 1; i < 3000; i++)
        {
            feeds.Publish("a", $"{i}");
            reader.Reader.Fill(new System.Buffers.ArrayBufferWriter<byte>(), 1).ShouldBe(ReaderFill.More, "one waits");
        }
        reader.Now().ShouldBe(["a=2999"]);
    }
}
