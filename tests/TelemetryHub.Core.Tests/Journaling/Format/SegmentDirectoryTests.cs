using TelemetryHub.Core.Access;
using TelemetryHub.Core.Journaling.Format;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Tests.Journaling.Format;

public sealed class SegmentDirectoryTests
{
    private readonly SegmentDirectory _directory = new(new SegmentHeader(1, 1000, 0, 1000, SkipReason.None, 1));

    [Fact]
    public void Nothing_is_seen_before_it_is_published()
    {
        _directory.AddTopic(0, TopicName.Parse("a"));
        _directory.AddPublisher(1, new Principal("p", null));
        _directory.AddEvent(1000, 64, 0, 5);
        _directory.AddState(64);
        (_directory.EventCount, _directory.TopicCount, _directory.PublisherCount, _directory.StateCount).ShouldBe((0, 0, 1, 0));
        _directory.EndOffset.ShouldBe(SegmentHeader.Bytes);

        _directory.Publish(100);
        (_directory.EventCount, _directory.TopicCount, _directory.PublisherCount, _directory.StateCount).ShouldBe((1, 1, 2, 1));
        (_directory.NextSequence, _directory.EndOffset).ShouldBe((1001, 100));
        (_directory.OffsetOf(1000), _directory.TopicIdOf(1000), _directory.StateOffset(0)).ShouldBe((64, 0, 64));
        _directory.Topic(0).ShouldBe(TopicName.Parse("a"));
        _directory.Publisher(PublisherFrame.Hub).ShouldBe(Principal.Hub);
        _directory.Publisher(1).ShouldBe(new Principal("p", null));
    }

    [Fact]
    public void What_could_not_be_written_is_forgotten()
    {
        Add(1000);
        _directory.Publish(100_000);
        Add(5000);
        _directory.AddTopic(0, TopicName.Parse("a"));
        _directory.Discard();
        (_directory.NextToAdd, _directory.NextTopicId).ShouldBe((2000, 0));
        _directory.AddEvent(2000, 777, 3, 9999);
        _directory.Publish(100_100);
        (_directory.OffsetOf(1999), _directory.OffsetOf(2000)).ShouldBe((64 + 999, 777));
        _directory.NextSequence.ShouldBe(2001);
    }

    [Fact]
    public void Missing_events_keep_their_place()
    {
        _directory.AddEvent(1000, 64, 0, 5);
        _directory.AddEvent(2000, 500, 1, 6);
        _directory.AddMissing(2010);
        _directory.Publish(600);
        _directory.NextSequence.ShouldBe(2010);
        (_directory.OffsetOf(1000), _directory.OffsetOf(1001), _directory.OffsetOf(2000), _directory.OffsetOf(2009)).ShouldBe((64, 0, 500, 0));
        _directory.TopicIdOf(1500).ShouldBeLessThan(0);
        _directory.LatestTime(0).ShouldBe(5);
        _directory.LatestTime(1000 / SegmentDirectory.TimeBlock).ShouldBe(6);
    }

    [Fact]
    public void The_latest_time_never_falls_when_the_clock_is_set_back()
    {
        for (var i = 0; i < 1000; i++)
            _directory.AddEvent(1000 + i, 64 + i, 0, i < 300 ? 5000 + i : i);
        _directory.Publish(2000);
        (_directory.LatestTime(0), _directory.LatestTime(1), _directory.LatestTime(3)).ShouldBe((5255, 5299, 5299));
        (_directory.MinTime, _directory.MaxTime).ShouldBe((300, 5299));
    }

    [Fact]
    public async Task One_thread_fills_while_others_read()
    {
        const int Events = 200_000;
        var token = TestContext.Current.CancellationToken;
        var reading = Task.Run(
            () =>
            {
                for (var seen = 0; seen < Events;)
                {
                    token.ThrowIfCancellationRequested();
                    for (var count = _directory.EventCount; seen < count; seen++)
                    {
                        _directory.OffsetOf(1000 + seen).ShouldBe(64 + seen);
                        _directory.LatestTime(seen / SegmentDirectory.TimeBlock).ShouldBeGreaterThanOrEqualTo(seen);
                    }
                }
            },
            token);
        for (var added = 0; added < Events; added += 100)
        {
            Add(100);
            _directory.Publish(64 + added + 100);
        }
        await reading;
    }

    private void Add(int events)
    {
        for (var i = 0; i < events; i++)
        {
            var at = (int)(_directory.NextToAdd - 1000);
            _directory.AddEvent(1000 + at, 64 + at, 0, at);
        }
    }
}
