using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Log;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Routing;

/// <summary>
/// Reads the log in order and hands each event to whoever subscribed. There is no router thread: routing is a role, taken by
/// whichever thread has just appended (<see cref="Pump"/>), so that an event reaches its subscribers' queues without a thread switch,
/// and a busy hub routes in large batches by itself.
/// </summary>
public sealed partial class Router
{
    private const int BatchEvents = 256;
    private const int BatchesPerPump = 64;

    private readonly ILog _log;
    private readonly TopicTable _topics;
    private readonly TimeProvider _time;
    private readonly IAccess _access;

    private readonly Lock _role = new(); // held by the thread that pumps; guards the batch and the position. Taken before the gate
    private readonly FairLock _gate = new(); // guards the subscriptions, the retained messages and the woken list; held while handing over
    private readonly SubscriptionTable _subscriptions;
    private readonly RetainedMessages _retained = new();
    private readonly Event[] _batch = new Event[BatchEvents];
    private List<ISubscriber> _woken = [];
    private List<ISubscriber>? _spareWoken = []; // exchanged, not locked: a pump that finds none makes its own
    private long _position;

    /// <summary>Follows <paramref name="log"/> from where its router left off.</summary>
    public Router(ILog log, TopicTable topics, IAccess access, TimeProvider time)
    {
        (_log, _topics, _time, _access) = (log, topics, time, access);
        _subscriptions = new SubscriptionTable(access);
        _position = log.RoutedUpTo;
    }

    /// <summary>How many subscriptions there are.</summary>
    public int SubscriptionCount => _subscriptions.Count;

    /// <summary>How many shared subscriptions there are.</summary>
    public int SharedSubscriptionCount => _subscriptions.SharedCount;

    /// <summary>How many topics have a retained message.</summary>
    public int RetainedCount => _retained.Count;

    /// <summary>The bytes they hold.</summary>
    public long RetainedBytes => _retained.Bytes;

    /// <summary>How many appended events have not been routed yet.</summary>
    public long Backlog => _log.Next - Volatile.Read(ref _position);

    /// <summary>
    /// Routes what has been appended. Any thread, after an append; returns at once when another thread is at it,
    /// because that one looks again after it has left. (Who changes subscriptions does not: hence two locks.)
    /// </summary>
    public void Pump()
    {
        for (var batches = 0; _log.Next != Volatile.Read(ref _position); batches++)
        {
            if (batches == BatchesPerPump)
            {
                // Other threads append as fast as this one routes; it has something else to do as well.
                ThreadPool.UnsafeQueueUserWorkItem(static router => router.Pump(), this, preferLocal: false);
                return;
            }
            if (!_role.TryEnter())
                return;
            List<ISubscriber> woken;
            try
            {
                woken = RouteBatch();
            }
            finally
            {
                _role.Exit();
            }
            WakeAll(woken);
        }
    }

    /// <summary>
    /// Adds a subscription, or replaces <paramref name="old"/> by it, and hands over the retained messages that it is due.
    /// Returns how many there were. <paramref name="added"/> is called in between, while nothing is routed: what is recorded there stands in the log
    /// behind everything that was routed without the subscription, and before everything that comes by it.
    /// </summary>
    public int Subscribe(Subscription subscription, Subscription? old, Action<Subscription>? added = null)
    {
        var replayed = 0;
        Pump(); // what was published before may be retained by now, and is not delivered as if it were new
        List<ISubscriber> woken;
        using (_gate.EnterScope())
        {
            if (old is not null)
                _subscriptions.Remove(old);
            _subscriptions.Add(subscription);
            added?.Invoke(subscription);
            if (IsDueRetained(subscription, isNew: old is null))
                replayed = Replay(subscription);
            woken = TakeWoken();
        }
        WakeAll(woken);
        return replayed;
    }

    /// <summary>Takes subscriptions away. What they were handed before stays with their subscriber.</summary>
    public void Unsubscribe(IEnumerable<Subscription> subscriptions)
    {
        using (_gate.EnterScope())
        {
            foreach (var subscription in subscriptions)
                _subscriptions.Remove(subscription);
        }
    }

    /// <summary>
    /// Gives what a member of a shared subscription cannot take any more to another member (MQTT 5 §4.8.2).
    /// False when there is no other.
    /// </summary>
    public bool HandOver(in Delivery delivery, ISubscriber from)
    {
        List<ISubscriber> woken;
        using (_gate.EnterScope())
        {
            if (AnotherMember(delivery, from) is not { } route)
                return false;
            HandTo(new Delivery(delivery.Event, route, delivery.IsReplay));
            woken = TakeWoken();
        }
        WakeAll(woken);
        return true;
    }

    /// <summary>Has this shared subscription members besides this one?</summary>
    public bool HasOtherMembers(TopicFilter shared, ISubscriber than)
    {
        using (_gate.EnterScope())
            return _subscriptions.MembersOf(shared).Any(member => member.Target != than);
    }

    /// <summary>Does anybody subscribe to this topic now? For the reason code "no matching subscribers".</summary>
    public bool HasSubscribers(Topic topic)
    {
        if (topic.Routes is { } cached && cached.Version == _subscriptions.Version)
            return !cached.IsEmpty;
        using (_gate.EnterScope())
            return !_subscriptions.RoutesOf(topic).IsEmpty;
    }

    /// <summary>Forgets every cached match: the rules have changed.</summary>
    public void RulesChanged()
    {
        using (_gate.EnterScope())
            _subscriptions.Invalidate();
    }

    private List<ISubscriber> RouteBatch()
    {
        var count = _log.Read(_position, _batch);
        var routed = 0;
        using var gate = _gate.EnterScope();
        try
        {
            while (routed < count)
                RouteOne(_batch[routed++]);
            return TakeWoken();
        }
        finally
        {
            // Also past an event that faults (an access part with a bug): routing must not stand still at it for ever.
            // Within the gate: whoever subscribes next finds that these events were before.
            Array.Clear(_batch, 0, count);
            Volatile.Write(ref _position, _position + routed);
            _log.Routed(_position);
        }
    }

    private void RouteOne(Event @event)
    {
        _topics.SetLatest(@event.Topic, @event);
        if (@event.Retain)
            _retained.Apply(@event);
        var routes = _subscriptions.RoutesOf(@event.Topic);
        foreach (var route in routes.Direct)
        {
            if (route.For(@event) is { } taken)
                HandTo(new Delivery(@event, taken, IsReplay: false));
        }
        foreach (var group in routes.Shared)
        {
            if (group.Next() is { } route)
                HandTo(new Delivery(@event, route, IsReplay: false));
        }
    }

    private Route? AnotherMember(in Delivery delivery, ISubscriber from)
    {
        if (delivery.Route.Group is not { } group)
            return null;
        foreach (var match in _subscriptions.RoutesOf(delivery.Event.Topic).Shared)
        {
            // By filter: when all members went and others came since, it is another object.
            if (match.Group.Filter == group.Filter)
                return match.Next(notTo: from);
        }
        return null;
    }

    private void HandTo(in Delivery delivery)
    {
        if (delivery.Route.Target.Deliver(delivery))
            _woken.Add(delivery.Route.Target);
    }

    // MQTT 5 §3.8.3.1 and §4.8.2: never for shared subscriptions.
    private static bool IsDueRetained(Subscription subscription, bool isNew) =>
        !subscription.Filter.IsShared &&
        (subscription.RetainHandling == RetainHandling.Always || (subscription.RetainHandling == RetainHandling.OnlyIfNew && isNew));

    private int Replay(Subscription subscription)
    {
        var found = _retained.Find(subscription.Filter, _time.GetUtcNow().ToUnixTimeMilliseconds());
        foreach (var retained in found)
        {
            if (subscription.Solo.For(retained) is { } route && _access.MayReceive(subscription.Target.Principal, retained.Topic.Name))
                HandTo(new Delivery(retained, route, IsReplay: true));
        }
        return found.Count;
    }

    private List<ISubscriber> TakeWoken()
    {
        var woken = _woken;
        _woken = Interlocked.Exchange(ref _spareWoken, null) ?? [];
        return woken;
    }

    private void WakeAll(List<ISubscriber> woken)
    {
        foreach (var subscriber in woken)
            subscriber.Wake();
        woken.Clear();
        _spareWoken = woken;
    }
}
