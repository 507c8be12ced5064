using TelemetryHub.Core.Log;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Core.Tests.Routing;

public class RouterTests
{
    private readonly RouterUnderTest _hub = new();
    private readonly RecordingSubscriber _one = new("one");
    private readonly RecordingSubscriber _two = new("two");

    [Fact]
    public void Each_event_reaches_everybody_who_matches_once_and_in_order()
    {
        _hub.Subscribe(_one, "a/#");
        _hub.Subscribe(_two, "+/1");
        string[] topics = ["a/1", "a/2", "b/1", "a/1", "c"];
        _hub.Publish(topics.Select((topic, i) => _hub.Events.Of(topic, $"{i + 1}")));
        _one.TakeTexts().ShouldBe(["a/1=1 q1", "a/2=2 q1", "a/1=4 q1"]);
        _two.TakeTexts().ShouldBe(["a/1=1 q1", "b/1=3 q1", "a/1=4 q1"]);
    }

    [Fact]
    public void A_subscriber_is_woken_once_per_batch()
    {
        _hub.Subscribe(_one, "#");
        _hub.Publish(Enumerable.Range(0, 100).Select(i => _hub.Events.Of("t", $"{i}")));
        _one.Take().Length.ShouldBe(100);
        _one.Wakes.ShouldBe(1);
    }

    [Fact]
    public void Nobody_gets_what_was_appended_before_the_router_was_there_or_routed_before_the_subscription()
    {
        _hub.Publish("t", "before");
        _hub.Subscribe(_one, "t");
        _hub.Publish("t", "after");
        _one.TakeTexts().ShouldBe(["t=after q1"]);
    }

    [Fact]
    public void The_lower_qos_of_publisher_and_subscription_counts()
    {
        _hub.Subscribe(_one, "t", QoS.AtLeastOnce);
        _hub.Publish("t", "0", QoS.AtMostOnce);
        _hub.Publish("t", "1", QoS.AtLeastOnce);
        _hub.Publish("t", "2", QoS.ExactlyOnce);
        _one.TakeTexts().ShouldBe(["t=0 q0", "t=1 q1", "t=2 q1"]);
    }

    [Fact]
    public void Routing_sets_the_latest_value_and_makes_space_in_the_log()
    {
        var hub = new RouterUnderTest(bounds: new TailOptions { MaxEvents = 4 });
        for (var i = 0; i < 20; i++)
            hub.Publish("t", $"{i}");
        hub.Topics.Get("t"u8).Latest!.Sequence.ShouldBe(20);
        hub.Log.Oldest.ShouldBe(17);
    }

    [Fact]
    public void A_new_subscription_counts_from_the_next_event_on_although_the_match_is_cached()
    {
        _hub.Subscribe(_one, "t");
        _hub.Publish("t", "1");
        _hub.Subscribe(_two, "+");
        _hub.Publish("t", "2");
        _two.TakeTexts().ShouldBe(["t=2 q1"]);
        _one.TakeTexts().ShouldBe(["t=1 q1", "t=2 q1"]);
    }

    [Fact]
    public void A_cancelled_subscription_gets_nothing_more_although_the_match_is_cached()
    {
        var subscription = _hub.Subscribe(_one, "t");
        _hub.Publish("t", "1");
        _hub.Router.Unsubscribe([subscription]);
        _hub.Publish("t", "2");
        _one.TakeTexts().ShouldBe(["t=1 q1"]);
        _hub.Router.SubscriptionCount.ShouldBe(0);
    }

    [Fact]
    public void A_replaced_subscription_counts_with_its_new_options_only()
    {
        var old = _hub.Subscribe(_one, "t", id: 1);
        _hub.Publish("t", "1");
        _hub.Router.Subscribe(RouterUnderTest.Subscription(_one, "t", QoS.AtMostOnce, id: 2), old);
        _hub.Publish("t", "2");
        _one.TakeTexts().ShouldBe(["t=1 q1 ids 1", "t=2 q0 ids 2"]);
        _hub.Router.SubscriptionCount.ShouldBe(1);
    }

    [Theory]
    [InlineData("t")]
    [InlineData("$share/g/t")]
    public void Cancelling_a_subscription_that_is_not_there_changes_nothing(string filter)
    {
        var subscription = _hub.Subscribe(_one, filter);
        _hub.Subscribe(_two, filter);
        _hub.Router.Unsubscribe([subscription, subscription, RouterUnderTest.Subscription(_one, filter)]);
        _hub.Router.Unsubscribe([subscription]);
        _hub.Router.SubscriptionCount.ShouldBe(1);
        _hub.Publish("t");
        _two.Take().ShouldHaveSingleItem();
    }

    [Fact]
    public void Whether_a_topic_has_subscribers_is_known_before_and_after_every_change()
    {
        var topic = _hub.Topics.Get("a/b"u8);
        _hub.Router.HasSubscribers(topic).ShouldBeFalse();
        var direct = _hub.Subscribe(_one, "a/+");
        _hub.Router.HasSubscribers(topic).ShouldBeTrue();
        _hub.Router.HasSubscribers(_hub.Topics.Get("b"u8)).ShouldBeFalse();

        var shared = _hub.Subscribe(_two, "$share/g/#");
        _hub.Router.Unsubscribe([direct]);
        _hub.Router.HasSubscribers(topic).ShouldBeTrue();
        _hub.Router.Unsubscribe([shared]);
        _hub.Router.HasSubscribers(topic).ShouldBeFalse();
        _hub.Router.SharedSubscriptionCount.ShouldBe(0);
    }
}
