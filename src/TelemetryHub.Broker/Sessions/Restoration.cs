using TelemetryHub.Broker.Operation;
using TelemetryHub.Broker.Recovery;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Log;
using TelemetryHub.Core.Routing;

namespace TelemetryHub.Broker.Sessions;

/// <summary>
/// Makes the sessions again that the log remembers. Their clients were away while the hub was: what expires has expired meanwhile, and a will is not said before
/// the client has had the time to come back.
/// </summary>
internal sealed class Restoration(MqttBroker broker, SessionsImage image, long lastTime)
{
    private const uint ReturnSeconds = 10;

    private readonly SessionJournal _journal = new(broker.Log);
    private readonly List<Session> _restored = [];
    private readonly long _now = broker.Time.GetTimestamp();
    private readonly long _unixNow = broker.UnixMilliseconds;

    /// <summary>How many messages wait in the sessions.</summary>
    public long Queued { get; private set; }

    /// <summary>How many waited and are not in the log any more.</summary>
    public long NotKept { get; private set; }

    /// <summary>How many sessions there are.</summary>
    public int Sessions => _restored.Count;

    /// <summary>Makes all of them. What is routed from now on they take if they have not had it.</summary>
    public void Begin()
    {
        broker.Sessions.BeginNumbersAt(image.NextNumber);
        foreach (var session in image.Sessions)
            _restored.Add(Restore(session));
    }

    /// <summary>What the log had has been routed again; what is over ends.</summary>
    public void End()
    {
        foreach (var session in _restored)
            session.EndRestore();
        broker.Sessions.Tick();
    }

    private Session Restore(SessionImage from)
    {
        var principal = new Principal(from.ClientId, from.User);
        var session = new Session(from.ClientId, principal, new Ledger(_journal, from.Number), isKept: from.ExpirySeconds != 0, broker)
        {
            IsRestored = true,
            Will = from.Will?.ToWill(broker.Topics, principal),
        };
        SetTimes(session, from);
        if (from.ClosedAt is null)
            session.Ledger!.Closed(lastTime, from.ExpirySeconds, keepsWill: from.Will is not null, from.SentUpTo); // the next start counts from there as well
        session.Restore(from, image.Routed, DeliveriesOf(session, from));
        session.Received.Restore(from.Received);
        Subscribe(session, from);
        broker.Sessions.Add(session);
        return session;
    }

    private void SetTimes(Session session, SessionImage from)
    {
        var downSeconds = (uint)Math.Clamp((_unixNow - (from.ClosedAt ?? lastTime)) / 1000, 0, uint.MaxValue);
        session.ExpirySeconds = broker.Sessions.Capped(from.ExpirySeconds);
        session.EndsAt = _now + broker.Sessions.Ticks(Left(session.ExpirySeconds, downSeconds));
        if (session.Will is not { } will)
            return;
        session.WillDueAt = _now + broker.Sessions.Ticks(Math.Max(ReturnSeconds, Left(will.DelaySeconds, downSeconds)));
        if (session.EndsAt > _now)
            return;
        // It is over but for its will, and nobody finds it any more.
        (session.ExpirySeconds, session.EndsAt) = (0, session.WillDueAt);
    }

    private static uint Left(uint seconds, uint gone) => seconds > gone ? seconds - gone : 0;

    private IEnumerable<Queued> DeliveriesOf(Session session, SessionImage from)
    {
        var routes = new Dictionary<RouteImage, Route>();
        var oldest = broker.Log.OldestKept;
        foreach (var delivery in from.Deliveries)
        {
            if (!routes.TryGetValue(delivery.Route, out var route))
                routes.Add(delivery.Route, route = RouteOf(session, delivery.Route));
            var @event = delivery.Copy is null ? null : EventCopy.Read(delivery.Copy, broker.Topics);
            var queued = new Queued(@event, route, delivery.Sequence, delivery.Ordinal, isReplay: @event is not null);
            if (delivery.IsReleased)
                queued.Release(ticket: 0);
            else if (@event is null && delivery.Sequence < oldest)
            {
                Drop(session, delivery.Ordinal);
                continue;
            }
            Queued++;
            yield return queued;
        }
    }

    private void Drop(Session session, long ordinal)
    {
        NotKept++;
        broker.Statistics.Drop(DropReason.NotKept);
        session.KeptLedger?.Settled(ordinal);
    }

    private static Route RouteOf(Session session, RouteImage image) => new()
    {
        Target = session,
        MaxQoS = image.MaxQoS,
        RetainAsPublished = image.RetainAsPublished,
        Identifiers = image.Identifiers,
        Group = image.SharedFilter.IsEmpty ? null : new ShareGroup(image.SharedFilter),
    };

    // The rules are asked again: they may have changed since.
    private void Subscribe(Session session, SessionImage from)
    {
        List<Subscription> subscriptions = [];
        foreach (var subscription in from.Subscriptions.Select(subscription => subscription.ToSubscription(session)))
        {
            if (broker.Access.MaySubscribe(session.Principal, subscription.Filter) && session.Subscriptions.TryAdd(subscription, out _))
                subscriptions.Add(subscription);
            else
                session.KeptLedger?.Unsubscribed(subscription.Filter);
        }
        broker.Router.RestoreSubscriptions(subscriptions);
    }
}
