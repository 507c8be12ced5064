using TelemetryHub.Core.Events;
using TelemetryHub.Core.Routing;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Tests.Routing;

public class RetainedMessageTests
{
    private readonly RouterUnderTest _hub = new();
    private readonly RecordingSubscriber _one = new("one");

    [Fact]
    public void The_newest_is_replayed_to_a_new_subscription()
    {
        _hub.Publish("a/1", "old", retain: true);
        _hub.Publish("a/1", "new", retain: true);
        _hub.Publish("a/1", "not retained");
        _hub.Publish("a/2", "other", retain: true);
        _hub.Publish("$SYS/x", "system", retain: true);
        _hub.Router.RetainedCount.ShouldBe(3);

        _hub.Subscribe(_one, "a/1");
        _one.TakeTexts().ShouldBe(["a/1=new q1 retained replay"]);
        _hub.Subscribe(_one, "+/+");
        _one.TakeTexts().ShouldBe(["a/1=new q1 retained replay", "a/2=other q1 retained replay"], ignoreOrder: true);
        _one.Wakes.ShouldBe(2);
    }

    [Fact]
    public void A_replay_is_of_the_new_subscription_alone()
    {
        _hub.Publish("a", qos: QoS.ExactlyOnce, retain: true);
        _hub.Subscribe(_one, "#", QoS.ExactlyOnce, id: 1);
        _one.Take();
        _hub.Subscribe(_one, "a", QoS.AtMostOnce, id: 2);
        _one.TakeTexts().ShouldBe(["a=x q0 retained replay ids 2"]);
    }

    [Fact]
    public void An_empty_payload_clears_and_is_delivered()
    {
        _hub.Subscribe(_one, "a");
        _hub.Publish("a", "x", retain: true);
        _hub.Publish("a", "", retain: true);
        _hub.Publish("never set", "", retain: true);
        _one.TakeTexts().ShouldBe(["a=x q1", "a= q1"]);
        (_hub.Router.RetainedCount, _hub.Router.RetainedBytes).ShouldBe((0, 0));
        _hub.Subscribe(_one, "#");
        _one.Take().ShouldBeEmpty();
    }

    // With what the topic costs, so that a million empty topics are not free.
    private static long CostOf(Event @event) => @event.SizeBytes + @event.Topic.Name.Utf8.Length + 300;

    [Fact]
    public void Their_bytes_are_counted_when_they_are_set_replaced_and_cleared()
    {
        var first = _hub.Events.Of("a", "1234", retain: true);
        var second = _hub.Events.Of("b", "123456789", retain: true);
        var replacement = _hub.Events.Of("a", "1", retain: true);
        _hub.Publish(first, second);
        _hub.Router.RetainedBytes.ShouldBe(CostOf(first) + CostOf(second));
        _hub.Publish(replacement);
        _hub.Router.RetainedBytes.ShouldBe(CostOf(replacement) + CostOf(second));
        _hub.Publish("b", "", retain: true);
        _hub.Router.RetainedBytes.ShouldBe(CostOf(replacement));
    }

    [Fact]
    public void What_has_expired_is_not_replayed_and_gone()
    {
        var now = _hub.Clock.UnixMilliseconds;
        _hub.Publish("a", "soon", retain: true, expiresAt: now + 1_000);
        _hub.Publish("b", "later", retain: true, expiresAt: now + 1_001);
        _hub.Publish("c", "never", retain: true);
        _hub.Clock.UnixMilliseconds = now + 1_000;
        _hub.Subscribe(_one, "#");
        _one.TakeTexts().ShouldBe(["b=later q1 retained replay", "c=never q1 retained replay"], ignoreOrder: true);
        _hub.Router.RetainedCount.ShouldBe(2);
        _hub.Router.RetainedBytes.ShouldBe(CostOf(_hub.Events.Of("b", "later")) + CostOf(_hub.Events.Of("c", "never")));
    }

    [Theory]
    [InlineData(RetainHandling.Always, true, true)]
    [InlineData(RetainHandling.OnlyIfNew, true, false)]
    [InlineData(RetainHandling.Never, false, false)]
    public void Retain_handling_says_when_they_are_replayed(RetainHandling handling, bool whenNew, bool whenRepeated)
    {
        _hub.Publish("a", retain: true);
        var subscription = Subscription(handling);
        _hub.Router.Subscribe(subscription, old: null);
        _one.Take().Length.ShouldBe(whenNew ? 1 : 0);
        _hub.Router.Subscribe(Subscription(handling), subscription);
        _one.Take().Length.ShouldBe(whenRepeated ? 1 : 0);
    }

    [Fact]
    public void Shared_subscriptions_get_none()
    {
        _hub.Publish("a", retain: true);
        _hub.Subscribe(_one, "$share/g/a");
        _one.Take().ShouldBeEmpty();
    }

    [Fact]
    public void A_no_local_subscription_does_not_get_its_own()
    {
        _hub.Publish("a", retain: true, publisher: "one");
        _hub.Publish("b", retain: true, publisher: "two");
        _hub.Router.Subscribe(Subscription(RetainHandling.Always, "#", noLocal: true), old: null);
        _one.TakeTexts().ShouldBe(["b=x q1 retained replay"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Live_events_keep_the_flag_only_as_published(bool asPublished)
    {
        _hub.Router.Subscribe(Subscription(RetainHandling.Never, "a", asPublished), old: null);
        _hub.Publish("a", "1", retain: true);
        _hub.Publish("a", "2", retain: false);
        _one.Take().Select(delivery => delivery.Retain).ShouldBe([asPublished, false]);
    }

    [Fact]
    public void What_was_appended_before_the_subscription_is_routed_before_it()
    {
        _hub.Log.TryAppend(_hub.Events.Of("a", "x", retain: true), out _);
        _hub.Subscribe(_one, "a");
        _hub.Router.Pump();
        _one.TakeTexts().ShouldBe(["a=x q1 retained replay"]);
    }

    private Subscription Subscription(RetainHandling handling, string filter = "a", bool asPublished = false, bool noLocal = false) => new()
    {
        Target = _one,
        Filter = TopicFilter.Parse(filter),
        MaxQoS = QoS.ExactlyOnce,
        RetainHandling = handling,
        RetainAsPublished = asPublished,
        NoLocal = noLocal,
    };
}
