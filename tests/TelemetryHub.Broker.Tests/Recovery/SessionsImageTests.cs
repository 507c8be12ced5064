using FsCheck;
using FsCheck.Fluent;
using TelemetryHub.Broker.Recovery;
using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Broker.Tests.Recovery;

public class SessionsImageTests
{
    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();
    private static readonly Config Quick = Config.QuickThrowOnFailure.WithMaxTest(60);

    [Fact]
    public void After_every_record_the_image_is_what_the_history_says() => Prop.ForAll(Seeds, seed =>
    {
        var history = new RandomHistory(seed, 300);
        var image = new SessionsImage();
        for (var i = 0; i < history.Log.AppendCount; i++)
        {
            NaiveSessions.Describe(image).ShouldBe(history.Expected[i]);
            history.Log.Replay(image, i, i + 1);
        }
        NaiveSessions.Describe(image).ShouldBe(history.Expected[^1]);
    }).Check(Quick);

    [Fact]
    public void A_stretch_that_comes_twice_changes_nothing() => Prop.ForAll(Seeds, seed =>
    {
        var random = new Random(seed);
        var history = new RandomHistory(seed, 300);
        var image = new SessionsImage();
        for (var at = 0; at < history.Log.AppendCount;)
        {
            var next = random.Next(at, history.Log.AppendCount) + 1;
            history.Log.Replay(image, at, next);
            history.Log.Replay(image, random.Next(next), next);
            NaiveSessions.Describe(image).ShouldBe(history.Expected[next]);
            at = next;
        }
    }).Check(Quick);

    [Fact]
    public void A_snapshot_and_what_follows_is_the_whole() => Prop.ForAll(Seeds, seed =>
    {
        var history = new RandomHistory(seed, 300);
        var at = new Random(seed).Next(history.Log.AppendCount);
        var before = new SessionsImage();
        history.Log.Replay(before, 0, at);

        var image = Reread(before);
        NaiveSessions.Describe(image).ShouldBe(history.Expected[at]);
        NaiveSessions.Describe(before).ShouldBe(history.Expected[at]);
        history.Log.Replay(image, at);
        NaiveSessions.Describe(image).ShouldBe(history.Expected[^1]);
    }).Check(Quick);

    [Fact]
    public void A_large_image_is_written_in_blocks_of_bounded_size()
    {
        var log = new KeepingLog(eventsInMemory: 1024);
        var journal = new SessionJournal(log);
        for (var session = 1u; session <= 20; session++)
        {
            journal.Opened(session, new($"client {session}", null), 60, 10, isNew: true, will: null);
            for (var ordinal = 0; ordinal < 5000; ordinal++)
                journal.Delivered(session, ordinal, ordinal + 1, SampleRoutes.All[ordinal % SampleRoutes.All.Length]);
        }
        var image = new SessionsImage();
        log.Replay(image);

        var sizes = new List<int>();
        image.Write(block => sizes.Add(block.Length));
        sizes.Count.ShouldBeGreaterThan(10);
        sizes.Max().ShouldBeLessThanOrEqualTo(64 * 1024);
        NaiveSessions.Describe(Reread(image)).ShouldBe(NaiveSessions.Describe(image));
    }

    [Fact]
    public void What_is_settled_out_of_order_is_gone_and_the_rest_stays_in_order()
    {
        var log = new KeepingLog(eventsInMemory: 1024);
        var journal = new SessionJournal(log);
        journal.Opened(1, new("a", null), 60, 10, isNew: true, will: null);
        var left = new List<long>();
        for (var ordinal = 0L; ordinal < 20_000; ordinal++)
        {
            journal.Delivered(1, ordinal, ordinal + 1, SampleRoutes.All[0]);
            left.Add(ordinal);
        }
        foreach (var ordinal in left.Where(ordinal => ordinal % 700 != 3).OrderBy(ordinal => ordinal * 7919 % 20_000).ToArray())
        {
            journal.Settled(1, ordinal);
            left.Remove(ordinal);
        }
        var image = new SessionsImage();
        log.Replay(image);

        var session = image.Sessions.Single();
        session.Deliveries.Select(delivery => delivery.Ordinal).ShouldBe(left);
        session.Deliveries.Select(delivery => delivery.Sequence).ShouldBe(left.Select(ordinal => ordinal + 1));
        session.NextOrdinal.ShouldBe(20_000);
    }

    [Fact]
    public void Ordinals_that_damage_has_swallowed_are_not_used_again()
    {
        var log = new KeepingLog(eventsInMemory: 1024);
        var journal = new SessionJournal(log);
        journal.Opened(1, new("a", null), 60, 10, isNew: true, will: null);
        journal.Delivered(1, 5_000_000_000, 1, SampleRoutes.All[0]);
        journal.Settled(1, 7_000_000_000);
        journal.Delivered(1, 20_000_000_000, 2, SampleRoutes.All[0]);
        var image = new SessionsImage();
        log.Replay(image);

        var session = image.Sessions.Single();
        session.Deliveries.Select(delivery => delivery.Ordinal).ShouldBe([5_000_000_000, 20_000_000_000]);
        session.NextOrdinal.ShouldBe(20_000_000_001);
    }

    [Fact]
    public void A_publish_that_stands_before_the_record_of_its_session_is_received_all_the_same()
    {
        var log = new KeepingLog(eventsInMemory: 1024);
        var journal = new SessionJournal(log);
        journal.Opened(3, new("a", null), 60, 10, isNew: true, will: null);
        journal.PublishReleased(3, 7);
        var image = new SessionsImage();
        image.Received(3, 7);
        image.Received(3, 8);
        image.NextNumber.ShouldBe(4u);
        image = Reread(image);
        log.Replay(image);

        image.Sessions.Single().Received.ShouldBe([(ushort)8]);
        image.NextNumber.ShouldBe(4u);
    }

    [Fact]
    public void What_was_routed_before_is_known_by_the_newest_delivery()
    {
        var log = new KeepingLog(eventsInMemory: 1024);
        var journal = new SessionJournal(log);
        foreach (var session in (uint[])[1, 2, 3])
            journal.Opened(session, new($"client {session}", null), 60, 10, isNew: true, will: null);
        journal.Delivered(1, 0, 10, SampleRoutes.All[0]);
        journal.Delivered(2, 0, 11, SampleRoutes.All[0]);
        journal.Delivered(3, 0, 11, SampleRoutes.Shared);
        journal.Settled(2, 0);
        var image = new SessionsImage();
        log.Replay(image);
        image = Reread(image);

        var last = image.Sessions.ToDictionary(session => session.Number, session => session.LastSequence);
        var (none, group, other) = (default(TopicFilter), SampleRoutes.Shared.Group!.Filter, TopicFilter.Parse("$share/x/a"));
        image.Routed.Covers(10, none, last[2]).ShouldBeTrue("the router takes the events in order");
        image.Routed.Covers(11, none, last[2]).ShouldBeTrue();
        image.Routed.Covers(11, none, last[1]).ShouldBeFalse("its delivery may not have been recorded yet");
        image.Routed.Covers(11, group, last[1]).ShouldBeTrue("another member has it");
        image.Routed.Covers(11, other, last[1]).ShouldBeFalse();
        image.Routed.Covers(12, none, last[2]).ShouldBeFalse();
    }

    [Fact]
    public void A_session_whose_beginning_is_lost_is_not_made_up()
    {
        var log = new KeepingLog(eventsInMemory: 1024);
        var journal = new SessionJournal(log);
        journal.Subscribed(3, new() { Target = SampleRoutes.All[0].Target, Filter = TopicFilter.Parse("a") });
        journal.Opened(3, new("a", null), 60, 10, isNew: false, will: null);
        journal.Delivered(3, 0, 1, SampleRoutes.All[0]);
        var image = new SessionsImage();
        log.Replay(image);

        image.Sessions.ShouldBeEmpty();
    }

    private static SessionsImage Reread(SessionsImage image)
    {
        var copy = new SessionsImage();
        image.Write(copy.Read);
        return copy;
    }
}
