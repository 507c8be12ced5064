using TelemetryHub.Core.Access;
using TelemetryHub.Core.Log;
using TelemetryHub.Core.Routing;
using TelemetryHub.Core.Tests.Events;

namespace TelemetryHub.Core.Tests.Routing;

public class PumpTests
{
    private readonly RouterUnderTest _hub = new(bounds: new TailOptions { MaxEvents = 1024 });
    private readonly RecordingSubscriber _subscriber = new("one");

    [Fact]
    public async Task An_append_during_a_pump_is_not_left_behind()
    {
        // Two threads append and pump; when both are done, everything must have been routed, whoever gave way to whom.
        const int Rounds = 30_000;
        _hub.Subscribe(_subscriber, "t");
        await RunTogetherAsync(Rounds, AppendAndPump, AppendAndPump);
        _subscriber.Take().Length.ShouldBe(2 * Rounds);
        _subscriber.WasCalledConcurrently.ShouldBeFalse();
    }

    [Theory]
    [InlineData("subscribe")]
    [InlineData("has subscribers")]
    [InlineData("rules changed")]
    [InlineData("hand over")]
    public async Task An_append_during_a_change_of_the_subscriptions_is_not_left_behind(string change)
    {
        const int Rounds = 20_000;
        var other = new RecordingSubscriber("other");
        var shared = _hub.Subscribe(other, "$share/g/other");
        _hub.Publish("other");
        var delivery = other.Take().Single();
        _hub.Subscribe(_subscriber, "t");
        Action disturb = change switch
        {
            "subscribe" => () => _hub.Router.Unsubscribe([_hub.Subscribe(other, "t/#")]),
            "has subscribers" => () => _hub.Router.HasSubscribers(_hub.Topics.Get("u"u8)),
            "rules changed" => _hub.Router.RulesChanged,
            _ => () => _hub.Router.HandOver(delivery, other),
        };
        await RunTogetherAsync(Rounds, AppendAndPump, disturb);
        _subscriber.Take().Length.ShouldBe(Rounds);
        shared.Target.ShouldBe(other);
    }

    [Fact]
    public async Task A_pump_during_a_slow_subscribe_routes_before_it_returns()
    {
        // The subscribe holds the router in the middle of a replay, until the other thread is about to pump.
        using var isAppended = new ManualResetEventSlim();
        Task? pumping = null;
        _hub.Publish("retained", retain: true);
        _hub.Subscribe(_subscriber, "t");
        var slow = new RecordingSubscriber("slow")
        {
            OnDeliver = _ =>
            {
                pumping = Task.Run(() =>
                {
                    _hub.Log.TryAppend(_hub.Events.Of("t"), out var _);
                    isAppended.Set();
                    _hub.Router.Pump();
                });
                isAppended.Wait(TestContext.Current.CancellationToken);
            },
        };
        _hub.Subscribe(slow, "retained");
        await pumping!;
        _hub.Router.Backlog.ShouldBe(0);
        _subscriber.Take().ShouldHaveSingleItem();
    }

    [Fact]
    public void A_subscriber_that_publishes_when_it_is_woken_is_routed_too()
    {
        // As a session on the pumping thread may do: its client's next packet is read at once.
        var echo = new EchoingSubscriber(_hub, 100);
        _hub.Router.Subscribe(RouterUnderTest.Subscription(echo, "t"), old: null);
        _hub.Publish("t");
        echo.Left.ShouldBe(0);
        _hub.Router.Backlog.ShouldBe(0);
    }

    [Fact]
    public void Waiters_for_space_are_called_by_the_pump_that_makes_it()
    {
        var waiter = new Log.RecordingWaiter();
        while (_hub.Log.TryAppend(_hub.Events.Of("t"), out var _) == AppendResult.Appended)
            continue;
        _hub.Log.WaitForSpace(waiter).ShouldBeTrue();
        _hub.Router.Backlog.ShouldBe(1024);
        _hub.Router.Pump();
        waiter.SpaceCalls.ShouldBe(1);
        _hub.Router.Backlog.ShouldBe(0);
    }

    private void AppendAndPump()
    {
        _hub.Log.TryAppend(_hub.Events.Of("t"), out _).ShouldBe(AppendResult.Appended);
        _hub.Router.Pump();
    }

    // Both actions at the same time, again and again; after each round nothing may be waiting.
    private async Task RunTogetherAsync(int rounds, Action one, Action other)
    {
        var leftBehind = 0L;
        using var barrier = new Barrier(2, _ => leftBehind = Math.Max(leftBehind, _hub.Router.Backlog));
        await Task.WhenAll(RunAsync(one), RunAsync(other));
        leftBehind.ShouldBe(0);

        Task RunAsync(Action action) => Task.Factory.StartNew(
            () =>
            {
                try
                {
                    for (var i = 0; i < rounds; i++)
                    {
                        action();
                        barrier.SignalAndWait(TestContext.Current.CancellationToken);
                    }
                }
                finally
                {
                    barrier.RemoveParticipant(); // who fails does not keep the other waiting
                }
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    private sealed class EchoingSubscriber(RouterUnderTest hub, int left) : ISubscriber
    {
        public int Left { get; private set; } = left;

        public Principal Principal => SampleEvents.Publisher;

        public bool IsReady => true;

        public bool Deliver(in Delivery delivery) => true;

        public void Wake()
        {
            if (Left == 0)
                return;
            Left--;
            hub.Publish("t");
        }
    }
}
