using TelemetryHub.Core.Feeds;
using TelemetryHub.Core.Tests.Feeds.Harness;

namespace TelemetryHub.Core.Tests.Feeds;

public sealed class OverloadTests
{
    [Fact]
    public async Task What_the_hub_could_not_encode_is_told_with_its_number_and_a_reader_that_wants_everything_gets_it_from_the_log()
    {
        var loop = new HeldLoop();
        await using var feeds = TestFeeds.Start(new FeedSettings { MaxWaitingEvents = 100 }, loop: loop);
        using var jumping = feeds.Open();
        using var patient = feeds.Open(overflow: OverflowPolicy.Replay);
        jumping.Now().ShouldBeEmpty();
        patient.Now().ShouldBeEmpty();
        for (var i = 0; i < 300; i++)
            feeds.Publish("a", $"{i}");
        loop.Release();

        var gap = await jumping.NextAsync();
        TestReader.TypeOf(gap).ShouldBe("gap");
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

    /// <summary>Works when it is told to.</summary>
    private sealed class HeldLoop : IFeedLoop
    {
        private Queue<Action>? _held = new();

        public void Post(Action work)
        {
            if (_held is null)
                work();
            else
                _held.Enqueue(work);
        }

        public void Release()
        {
            var held = _held!;
            _held = null;
            foreach (var work in held)
                work();
        }
    }
}
