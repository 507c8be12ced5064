using TelemetryHub.Core.Events;

namespace TelemetryHub.Core.Tests.Routing;

public class ShareGroupTests
{
    private readonly RouterUnderTest _hub = new();
    private readonly RecordingSubscriber[] _members = [.. Enumerable.Range(0, 4).Select(i => new RecordingSubscriber($"member{i}"))];

    [Fact]
    public void Events_are_spread_evenly_and_each_goes_to_one_member()
    {
        SubscribeAll();
        PublishMany(100);
        var taken = _members.Select(member => member.Take()).ToArray();
        taken.ShouldAllBe(own => own.Length == 25);
        taken.SelectMany(own => own).Select(delivery => delivery.Event.Sequence).Distinct().Count().ShouldBe(100);
    }

    [Fact]
    public void Members_that_are_not_ready_are_passed_over_and_the_others_share_evenly()
    {
        SubscribeAll();
        _members[1].IsReady = false;
        PublishMany(99);
        _members.Select(member => member.Take().Length).ShouldBe([33, 0, 33, 33]);

        _members[1].IsReady = true;
        PublishMany(100);
        _members.ShouldAllBe(member => member.Take().Length == 25);
    }

    [Fact]
    public void When_nobody_is_ready_the_events_wait_with_all_of_them_evenly()
    {
        SubscribeAll();
        foreach (var member in _members)
            member.IsReady = false;
        PublishMany(100);
        _members.ShouldAllBe(member => member.Take().Length == 25);
    }

    [Fact]
    public void Who_joins_gets_a_share_and_who_leaves_gets_none()
    {
        var first = _hub.Subscribe(_members[0], "$share/g/t");
        PublishMany(10);
        _hub.Subscribe(_members[1], "$share/g/t");
        PublishMany(10);
        _hub.Router.Unsubscribe([first]);
        PublishMany(10);
        _members.Select(member => member.Take().Length).ShouldBe([15, 15, 0, 0]);
    }

    [Fact]
    public void Groups_and_plain_subscriptions_do_not_take_from_each_other()
    {
        _hub.Subscribe(_members[0], "$share/g/t");
        _hub.Subscribe(_members[1], "$share/h/t");
        _hub.Subscribe(_members[2], "$share/g/+");
        _hub.Subscribe(_members[3], "t");
        PublishMany(5);
        _members.ShouldAllBe(member => member.Take().Length == 5);
        _hub.Router.SharedSubscriptionCount.ShouldBe(3);
        _hub.Router.SubscriptionCount.ShouldBe(4);
    }

    [Fact]
    public void A_wildcard_of_a_group_does_not_see_system_topics()
    {
        _hub.Subscribe(_members[0], "$share/g/#");
        _hub.Subscribe(_members[1], "$share/g/$SYS/#");
        _hub.Publish("$SYS/x");
        _members[0].Take().ShouldBeEmpty();
        _members[1].Take().ShouldHaveSingleItem();
    }

    [Fact]
    public void Handing_over_spreads_to_the_other_members()
    {
        SubscribeAll();
        _members[1].IsReady = _members[2].IsReady = _members[3].IsReady = false;
        PublishMany(30);
        _members[1].IsReady = _members[2].IsReady = true;
        foreach (var delivery in _members[0].Take())
            _hub.Router.HandOver(delivery, _members[0]).ShouldBeTrue();
        _members.Select(member => member.Take().Length).ShouldBe([0, 15, 15, 0]);
    }

    [Fact]
    public void A_handed_over_delivery_keeps_the_event_and_takes_the_new_members_options()
    {
        _hub.Subscribe(_members[0], "$share/g/t", id: 1);
        _hub.Publish("t", "x");
        _hub.Subscribe(_members[1], "$share/g/t", Mqtt.QoS.AtMostOnce, id: 2);
        _hub.Router.HandOver(_members[0].Take().Single(), _members[0]).ShouldBeTrue();
        _members[1].TakeTexts().ShouldBe(["t=x q0 ids 2"]);
    }

    [Fact]
    public void There_is_nobody_to_hand_over_to_when_a_member_is_alone_or_the_group_is_gone()
    {
        var only = _hub.Subscribe(_members[0], "$share/g/t");
        _hub.Publish("t");
        var delivery = _members[0].Take().Single();
        _hub.Router.HandOver(delivery, _members[0]).ShouldBeFalse();
        _hub.Router.Unsubscribe([only]);
        _hub.Router.HandOver(delivery, _members[0]).ShouldBeFalse();
    }

    [Fact]
    public void A_group_that_was_empty_meanwhile_is_handed_over_to_its_new_members()
    {
        var only = _hub.Subscribe(_members[0], "$share/g/t");
        _hub.Publish("t");
        _hub.Router.Unsubscribe([only]);
        _hub.Subscribe(_members[1], "$share/g/t");
        _hub.Router.HandOver(_members[0].Take().Single(), _members[0]).ShouldBeTrue();
        _members[1].Take().ShouldHaveSingleItem();
    }

    [Fact]
    public void What_was_not_shared_is_not_handed_over()
    {
        _hub.Subscribe(_members[0], "t");
        _hub.Subscribe(_members[1], "$share/g/t");
        _hub.Publish("t");
        _hub.Router.HandOver(_members[0].Take().Single(), _members[0]).ShouldBeFalse();
    }

    private void SubscribeAll()
    {
        foreach (var member in _members)
            _hub.Subscribe(member, "$share/g/t");
    }

    private void PublishMany(int count)
    {
        Event[] events = [.. Enumerable.Range(0, count).Select(i => _hub.Events.Of("t", $"{i}"))];
        _hub.Publish(events);
    }
}
