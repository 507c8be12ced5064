using System.Text;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Log;
using TelemetryHub.Core.Routing;

namespace TelemetryHub.Core.Tests.Routing;

/// <summary>Publishers, pumps and subscribers at the same time. What each does is seeded; when it does it is up to the scheduler.</summary>
public class RoutingStressTests
{
    private const int Publishers = 3;
    private const int EventsPerPublisher = 20_000;
    private const int Topics = 16;

    private readonly RouterUnderTest _hub = new(bounds: new TailOptions { MaxEvents = 256 });
    private int _publishing = Publishers;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Everybody_gets_each_matching_event_once_and_in_order(int seed)
    {
        var all = new RecordingSubscriber("all");
        var even = new RecordingSubscriber("even");
        RecordingSubscriber[] members = [new("m0"), new("m1"), new("m2")];
        _hub.Subscribe(all, "s/#");
        _hub.Subscribe(even, "s/+/even");
        _hub.Subscribe(even, "s/3/+");
        foreach (var member in members)
            _hub.Subscribe(member, "$share/g/s/#");

        var publishing = Enumerable.Range(0, Publishers).Select(publisher => StartNew(() => Publish(publisher, seed)));
        var guests = new List<RecordingSubscriber>();
        await Task.WhenAll([.. publishing, StartNew(() => ComeAndGo(seed, guests)), StartNew(() => ChangeRules(members))]);

        // Nobody pumps here: whoever appended last has, or gave way to somebody who looked again.
        _hub.Router.Backlog.ShouldBe(0);
        var everything = Taken(all);
        Sequences(everything).ShouldBe(Enumerable.Range(1, Publishers * EventsPerPublisher).Select(i => (long)i));
        Sequences(Taken(even)).ShouldBe(Sequences(everything.Where(delivery => IsForEven($"{delivery.Event.Topic}"))));
        Sequences(members.SelectMany(Taken)).Order().ShouldBe(Sequences(everything));
        guests.ShouldAllBe(guest => HasNoGap(Taken(guest)));
    }

    private void Publish(int publisher, int seed)
    {
        var random = new Random((seed * 100) + publisher);
        var perTopic = new int[Topics];
        using var space = new AutoResetEvent(false);
        try
        {
            for (var i = 0; i < EventsPerPublisher; i++)
            {
                var topic = random.Next(Topics);
                var name = $"s/{topic}/{(topic % 2 == 0 ? "even" : "odd")}";
                Append(_hub.Events.Of(name, $"{perTopic[topic]++}", publisher: $"{publisher}"), space);
                if (random.Next(4) == 0 || i == EventsPerPublisher - 1)
                    _hub.Router.Pump();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _publishing);
        }
    }

    private void Append(Event @event, AutoResetEvent space)
    {
        while (_hub.Log.TryAppend(@event, out _) == AppendResult.Full)
        {
            _hub.Router.Pump();
            if (_hub.Log.WaitForSpace(new SpaceSignal(space)))
                space.WaitOne(TimeSpan.FromSeconds(20)).ShouldBeTrue("the log was full and nobody routed");
        }
    }

    // Each guest has one subscription for a while: what it got must be one stretch of the log, without a gap.
    private void ComeAndGo(int seed, List<RecordingSubscriber> guests)
    {
        var random = new Random(seed);
        var present = new Queue<Subscription>();
        while (Volatile.Read(ref _publishing) > 0 || guests.Count < 20)
        {
            var guest = new RecordingSubscriber($"guest{guests.Count}");
            guests.Add(guest);
            present.Enqueue(_hub.Subscribe(guest, random.Next(3) switch { 0 => "s/#", 1 => "s/3/odd", _ => "s/+/even" }));
            if (present.Count > 5)
                _hub.Router.Unsubscribe([present.Dequeue()]);
            Thread.Yield();
        }
        _hub.Router.Unsubscribe(present);
    }

    private void ChangeRules(RecordingSubscriber[] members)
    {
        for (var i = 0; Volatile.Read(ref _publishing) > 0; i++)
        {
            _hub.Router.RulesChanged();
            _hub.Router.HasSubscribers(_hub.Topics.Get("s/1/odd"u8));
            members[i % members.Length].IsReady = i % 2 == 0;
            Thread.Yield();
        }
    }

    private static IEnumerable<long> Sequences(IEnumerable<Delivery> deliveries) => deliveries.Select(delivery => delivery.Event.Sequence);

    private static bool IsForEven(string topic) =>
        topic.EndsWith("/even", StringComparison.Ordinal) || topic.StartsWith("s/3/", StringComparison.Ordinal);

    private static Delivery[] Taken(RecordingSubscriber subscriber)
    {
        subscriber.WasCalledConcurrently.ShouldBeFalse();
        subscriber.QueuedCount.ShouldBe(0, "it was not woken for what it was handed last");
        return subscriber.Take();
    }

    private static bool HasNoGap(Delivery[] taken)
    {
        var next = new Dictionary<(string, string), int>();
        var last = 0L;
        foreach (var delivery in taken)
        {
            var number = int.Parse(Encoding.UTF8.GetString(delivery.Event.Payload));
            var key = ($"{delivery.Event.Topic}", delivery.Event.Publisher.ClientId);
            if (delivery.Event.Sequence <= last || (next.TryGetValue(key, out var expected) && expected != number))
                return false;
            next[key] = number + 1;
            last = delivery.Event.Sequence;
        }
        return true;
    }

    private static Task StartNew(Action action) =>
        Task.Factory.StartNew(action, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private sealed class SpaceSignal(AutoResetEvent space) : ILogWaiter
    {
        public void OnKept()
        {
            // nobody waits for that here
        }

        public void OnSpace() => space.Set();
    }
}
