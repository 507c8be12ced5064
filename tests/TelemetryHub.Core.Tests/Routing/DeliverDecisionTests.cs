namespace TelemetryHub.Core.Tests.Routing;

public class DeliverDecisionTests
{
    private readonly ListedAccess _access = new();
    private readonly RouterUnderTest _hub;
    private readonly RecordingSubscriber _one = new("one");
    private readonly RecordingSubscriber _two = new("two");

    public DeliverDecisionTests() => _hub = new RouterUnderTest(_access);

    [Theory]
    [InlineData("t")]
    [InlineData("$share/g/t")]
    public void It_is_asked_for_when_a_match_is_computed_and_not_per_event(string filter)
    {
        _hub.Subscribe(_one, filter);
        _hub.Subscribe(_two, filter);
        for (var i = 0; i < 100; i++)
            _hub.Publish("t");
        _access.Asked.ShouldBe(2);
        (_one.Take().Length + _two.Take().Length).ShouldBe(filter == "t" ? 200 : 100);
    }

    [Theory]
    [InlineData("t")]
    [InlineData("$share/g/t")]
    public void Who_may_not_receive_is_left_out(string filter)
    {
        _access.MayNotReceive.Add("one");
        _hub.Subscribe(_one, filter);
        _hub.Subscribe(_two, filter);
        for (var i = 0; i < 10; i++)
            _hub.Publish("t");
        _one.Take().ShouldBeEmpty();
        _two.Take().Length.ShouldBe(10);
    }

    [Theory]
    [InlineData("t")]
    [InlineData("$share/g/t")]
    public void Changed_rules_count_from_the_next_event_on(string filter)
    {
        _hub.Subscribe(_one, filter);
        _hub.Publish("t", "1");
        _access.MayNotReceive.Add("one");
        _hub.Router.RulesChanged();
        _hub.Publish("t", "2");
        _access.MayNotReceive.Clear();
        _hub.Router.RulesChanged();
        _hub.Publish("t", "3");
        _one.TakeTexts().ShouldBe(["t=1 q1", "t=3 q1"]);
    }

    [Theory]
    [InlineData("t")]
    [InlineData("$share/g/t")]
    public void Who_may_not_receive_is_no_matching_subscriber(string filter)
    {
        _access.MayNotReceive.Add("one");
        _hub.Subscribe(_one, filter);
        _hub.Router.HasSubscribers(_hub.Topics.Get("t"u8)).ShouldBeFalse();
    }

    [Fact]
    public void Retained_messages_are_not_replayed_to_who_may_not_receive()
    {
        _hub.Publish("t", retain: true);
        _access.MayNotReceive.Add("one");
        _hub.Subscribe(_one, "#");
        _one.Take().ShouldBeEmpty();
    }

    [Fact]
    public void A_shared_delivery_is_not_handed_over_to_who_may_not_receive()
    {
        _access.MayNotReceive.Add("two");
        _hub.Subscribe(_one, "$share/g/t");
        _hub.Subscribe(_two, "$share/g/t");
        _hub.Publish("t");
        _hub.Router.HandOver(_one.Take().ShouldHaveSingleItem(), _one).ShouldBeFalse();
        _two.Take().ShouldBeEmpty();
    }
}
