using TelemetryHub.Core.Log;
using TelemetryHub.Mqtt;
using TelemetryHub.Server.Feeds.Publishing;

namespace TelemetryHub.Server.Tests.Feeds.Publishing;

public class PendingPublishesTests
{
    private readonly PublishSetup _setup = new();
    private readonly PendingPublishes<int> _pending;
    private int _woken;

    public PendingPublishesTests() => _pending = new PendingPublishes<int>(_setup.Publisher, () => _woken++);

    [Fact]
    public void Each_is_answered_once_it_is_kept_in_the_order_of_the_publishes()
    {
        Publish(1);
        Publish(2, QoS.AtMostOnce);
        Publish(3);
        Answers().ShouldBeEmpty();

        _setup.Log.Decide(KeptState.Kept);

        _woken.ShouldBe(1);
        Answers().ShouldBe([(1, true), (2, true), (3, true)]);
        _pending.Count.ShouldBe(0);
    }

    [Fact]
    public void What_the_log_could_not_keep_is_told_and_what_came_behind_is_asked_for_anew()
    {
        Publish(1);
        Answers().ShouldBeEmpty();
        _setup.Log.Decide(KeptState.Refused);
        Publish(2);

        Answers().ShouldBe([(1, false)]);
        _setup.Log.Decide(KeptState.Kept);

        Answers().ShouldBe([(2, true)]);
        _woken.ShouldBe(2);
    }

    [Fact]
    public void QoS_0_is_answered_at_once()
    {
        Publish(1, QoS.AtMostOnce);

        Answers().ShouldBe([(1, true)]);
        _woken.ShouldBe(0);
    }

    [Fact]
    public void A_full_log_takes_nothing_and_says_when_there_is_space()
    {
        _setup.Log.MakeSpace(0);
        _pending.TryPublish(PublishSetup.Somebody, PublishSetup.Publish("t"), 1).ShouldBe(PublishStatus.Full);
        _pending.WaitForSpace().ShouldBeTrue();
        _pending.IsAwaitingSpace.ShouldBeTrue();

        _setup.Log.MakeSpace(1);

        _woken.ShouldBe(1);
        _pending.IsAwaitingSpace.ShouldBeFalse();
        _pending.WaitForSpace().ShouldBeFalse();
        Publish(1);
    }

    private void Publish(int tag, QoS qos = QoS.AtLeastOnce) =>
        _pending.TryPublish(PublishSetup.Somebody, PublishSetup.Publish("t", qos: qos), tag).ShouldBe(PublishStatus.Taken);

    private List<(int Tag, bool IsKept)> Answers()
    {
        var answers = new List<(int, bool)>();
        while (_pending.TryTake(out var published))
            answers.Add((published.Tag, published.IsKept));
        return answers;
    }
}
