using System.Text;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Log;
using TelemetryHub.Core.Routing;
using TelemetryHub.Core.Tests.Events;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Tests.Routing;

public sealed class RememberLatestTests
{
    private readonly RouterUnderTest _hub = new();

    [Fact]
    public void The_newest_of_before_a_restart_is_the_latest_whatever_the_order()
    {
        var (first, second, third) = (Past(1, "t", "first"), Past(2, "t", "second"), Past(3, "other", "third"));

        _hub.Router.RememberLatest([second, first, third]).ShouldBeTrue();

        _hub.Topics.Get("t"u8).Latest.ShouldBeSameAs(second);
        _hub.Topics.Get("other"u8).Latest.ShouldBeSameAs(third);
    }

    [Fact]
    public void What_was_published_since_stays_the_latest()
    {
        var hub = new RouterUnderTest();
        hub.Publish("before", "1"); // 1
        hub.Publish("t", "live"); // 2

        hub.Router.RememberLatest([Past(1, "t", "past")]).ShouldBeTrue();

        hub.Topics.Get("t"u8).Latest!.Sequence.ShouldBe(2);
    }

    [Fact]
    public void Nothing_is_forgotten_to_make_room()
    {
        var topics = new TopicTable(100_000);
        var router = new Router(new Tail(new TailOptions()), topics, new Core.Access.AllowAll(), new StandingClock());

        var isAll = router.RememberLatest(Enumerable.Range(0, 1000).Select(i => Past(1000 - i, $"past/{i}", "x")));

        isAll.ShouldBeFalse();
        topics.Count.ShouldBeInRange(50, 300);
        topics.Evicted.ShouldBe(0);
        topics.Get("past/0"u8).Latest!.Sequence.ShouldBe(1000);
        topics.IsCurrent(topics.Get("past/0"u8)).ShouldBeTrue("it takes no more than the half that is filled first");
    }

    // As read from the log: with a topic that the table does not know.
    private static Event Past(long sequence, string topic, string payload)
    {
        var @event = new Event
        {
            Topic = new Topic(TopicName.Parse(topic)),
            Payload = Encoding.UTF8.GetBytes(payload),
            Publisher = SampleEvents.Publisher,
            Time = 0,
        };
        new Tail(new TailOptions(), sequence).TryAppend(@event, out _).ShouldBe(AppendResult.Appended); // numbers it
        return @event;
    }
}
