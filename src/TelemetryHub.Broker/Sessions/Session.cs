using TelemetryHub.Broker.Connections;
using TelemetryHub.Broker.Operation;
using TelemetryHub.Broker.Wills;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Routing;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Broker.Sessions;

/// <summary>
/// What the broker keeps for a client id, connected or not: subscriptions, queued and unacknowledged deliveries, the QoS 2 packet ids
/// it has received. The router delivers into it, the connection takes out of it.
/// </summary>
internal sealed class Session : ISubscriber
{
    private readonly BrokerOptions _options;
    private readonly BrokerStatistics _statistics;

    private readonly Lock _gate = new(); // guards everything below it
    private readonly Dictionary<TopicFilter, Subscription> _subscriptions = [];
    private DeliveryQueue? _atMostOnce;
    private DeliveryQueue? _pending;
    private InflightTable? _inflight;
    private Queue<Outgoing>? _resend;
    private HashSet<ushort>? _received;
    private Connection? _connection; // written under the gate, read by Wake without it
    private int _window;
    private bool _isWoken;
    private bool _isEnded;

    public Session(string clientId, Principal principal, BrokerOptions options, BrokerStatistics statistics)
    {
        (ClientId, Principal, _options, _statistics) = (clientId, principal, options, statistics);
    }

    public string ClientId { get; }

    /// <summary>Who holds the session now; set when a connection attaches.</summary>
    public Principal Principal { get; private set; }

    /// <summary>Seconds that the session outlives its connection; <see cref="uint.MaxValue"/> = as long as the hub allows. The registry's lock guards it.</summary>
    public uint ExpirySeconds { get; set; }

    /// <summary>The will of the current connection, or the one that waits for its delay. The registry's lock guards it.</summary>
    public Will? Will { get; set; }

    /// <summary>When the session ends unless it is held again, as a timestamp. The registry's lock guards it.</summary>
    public long EndsAt { get; set; }

    /// <summary>When the will is due unless the session is held again, as a timestamp. The registry's lock guards it.</summary>
    public long WillDueAt { get; set; }

    /// <summary>How often the client id changed hands lately. The registry's lock guards it.</summary>
    public Takeovers Takeovers { get; } = new();

    /// <summary>Is there anything to be done about this unheld session? The registry's lock guards it.</summary>
    public bool IsDue(long now) => EndsAt <= now || (Will is not null && WillDueAt <= now);

    public Connection? Connection => Volatile.Read(ref _connection);

    public bool IsReady
    {
        get
        {
            lock (_gate)
                return _connection is not null && QueuedCount < _options.MaxQueuedMessages / 2 && (_pending?.Count ?? 0) < _window;
        }
    }

    /// <summary>Deliveries that wait and are not on their way yet.</summary>
    public int QueuedCount => (_atMostOnce?.Count ?? 0) + (_pending?.Count ?? 0);

    /// <summary>The bytes of the deliveries that wait.</summary>
    public long QueuedBytes => (_atMostOnce?.Bytes ?? 0) + (_pending?.Bytes ?? 0);

    public bool Deliver(in Delivery delivery)
    {
        lock (_gate)
        {
            if (_isEnded || !TryEnqueue(delivery) || _connection is null || _isWoken)
                return false;
            // With the window closed there is nothing to send until the client acknowledges, and that wakes the connection.
            if (delivery.QoS != QoS.AtMostOnce && !HasWindow)
                return false;
            return _isWoken = true;
        }
    }

    public void Wake() => Connection?.Link.Wake();

    /// <summary>A connection begins to speak for the session. What the client had not acknowledged is due again, in order, before anything new.</summary>
    public void Attach(Connection connection, Principal principal, int window)
    {
        lock (_gate)
        {
            Principal = principal;
            _window = window;
            _isWoken = false;
            _resend = _inflight is { Count: > 0 } ? new Queue<Outgoing>(_inflight.InOrder().Select(item => Again(item.Id, item.Entry))) : null;
            Volatile.Write(ref _connection, connection);
        }
    }

    /// <summary>The connection is gone. QoS 0 that waited goes with it: nothing was promised.</summary>
    public void Detach()
    {
        lock (_gate)
        {
            Volatile.Write(ref _connection, null);
            _atMostOnce = null;
            _resend = null;
        }
    }

    /// <summary>The session is over. Returns what others might still be given: everything of shared subscriptions that is not QoS 2 in flight.</summary>
    public (List<Subscription> Subscriptions, List<Delivery> Shared) End()
    {
        lock (_gate)
        {
            _isEnded = true;
            Volatile.Write(ref _connection, null);
            List<Delivery> shared = [];
            if (_inflight is not null)
                shared.AddRange(_inflight.InOrder().Select(item => item.Entry.Delivery).Where(delivery => delivery.Route.Group is not null && delivery.QoS == QoS.AtLeastOnce));
            if (_pending is not null)
                shared.AddRange(_pending.DrainAll().Where(delivery => delivery.Route.Group is not null));
            List<Subscription> subscriptions = [.. _subscriptions.Values];
            _subscriptions.Clear();
            _inflight = null;
            _atMostOnce = null;
            return (subscriptions, shared);
        }
    }

    /// <summary>Takes the queued deliveries of shared subscriptions out, so that other members can have them.</summary>
    public List<Delivery> TakeShared()
    {
        lock (_gate)
        {
            if (_pending is null || _subscriptions.Keys.All(filter => !filter.IsShared))
                return [];
            var all = _pending.DrainAll();
            foreach (var own in all.Where(delivery => delivery.Route.Group is null))
                _pending.Enqueue(own);
            return [.. all.Where(delivery => delivery.Route.Group is not null)];
        }
    }

    /// <summary>The subscription with this filter that <paramref name="subscription"/> replaces, if any; false when there are too many.</summary>
    public bool TryAddSubscription(Subscription subscription, out Subscription? replaced)
    {
        lock (_gate)
        {
            if (!_subscriptions.TryGetValue(subscription.Filter, out replaced) && _subscriptions.Count >= _options.MaxSubscriptionsPerClient)
                return false;
            _subscriptions[subscription.Filter] = subscription;
            return true;
        }
    }

    public Subscription? RemoveSubscription(TopicFilter filter)
    {
        lock (_gate)
            return _subscriptions.Remove(filter, out var removed) ? removed : null;
    }

    /// <summary>How many QoS 2 publishes of the client wait for its PUBREL.</summary>
    public int ReceivedCount => _received?.Count ?? 0;

    /// <summary>Has a QoS 2 publish with this id been received and not been released? Then it must not be taken again.</summary>
    public bool IsReceived(ushort packetId)
    {
        lock (_gate)
            return _received is not null && _received.Contains(packetId);
    }

    /// <summary>Remembers a QoS 2 publish until its PUBREL.</summary>
    public void AddReceived(ushort packetId)
    {
        lock (_gate)
            (_received ??= []).Add(packetId);
    }

    /// <summary>PUBREL came (or the publish was refused): the id may be used for a new message. False when it was not known.</summary>
    public bool RemoveReceived(ushort packetId)
    {
        lock (_gate)
            return _received is not null && _received.Remove(packetId);
    }

    /// <summary>PUBACK, or PUBREC with an error: the delivery is over. False when the id is not in flight at that step.</summary>
    public bool Acknowledge(ushort packetId, QoS qos)
    {
        lock (_gate)
        {
            if (_inflight is null || !_inflight.TryGet(packetId, out var entry) || entry.IsReleased || entry.Delivery.QoS != qos)
                return false;
            _inflight.Remove(packetId);
            return true;
        }
    }

    /// <summary>PUBREC: PUBREL is due. Also true when it came before.</summary>
    public bool Receive(ushort packetId)
    {
        lock (_gate)
        {
            if (_inflight is null || !_inflight.TryGet(packetId, out var entry) || entry.Delivery.QoS != QoS.ExactlyOnce)
                return false;
            _inflight.Release(packetId, entry);
            return true;
        }
    }

    /// <summary>PUBCOMP: the delivery is over.</summary>
    public bool Complete(ushort packetId)
    {
        lock (_gate)
        {
            if (_inflight is null || !_inflight.TryGet(packetId, out var entry) || !entry.IsReleased)
                return false;
            _inflight.Remove(packetId);
            return true;
        }
    }

    /// <summary>Is there something that <see cref="Take"/> would give now?</summary>
    public bool HasOutgoing
    {
        get
        {
            lock (_gate)
                return _resend is { Count: > 0 } || _atMostOnce is { Count: > 0 } || (_pending is { Count: > 0 } && HasWindow);
        }
    }

    /// <summary>
    /// Takes the next packets to send, at most as many as fit <paramref name="into"/> and the budget. What has expired or is too large
    /// for the client is dropped on the way. Until the next call the router wakes the connection again for anything new.
    /// </summary>
    public int Take(Connection connection, Span<Outgoing> into, int budgetBytes, in DeliveryLimits limits)
    {
        lock (_gate)
        {
            _isWoken = false;
            if (!ReferenceEquals(_connection, connection))
                return 0;
            var count = 0;
            while (count < into.Length && budgetBytes > 0 && TryTakeOne(limits, out into[count]))
                budgetBytes -= limits.EncodedBytes(into[count++].Delivery);
            return count;
        }
    }

    private bool TryTakeOne(in DeliveryLimits limits, out Outgoing outgoing)
    {
        if (_resend is not null && TryTakeResend(limits, out outgoing))
            return true;
        while (_atMostOnce is { Count: > 0 })
        {
            var delivery = _atMostOnce.Dequeue();
            outgoing = new Outgoing(delivery, 0, QoS.AtMostOnce, IsDuplicate: false, IsRelease: false);
            if (IsDeliverable(delivery, limits))
                return true;
        }
        while (_pending is { Count: > 0 } && HasWindow)
        {
            var delivery = _pending.Dequeue();
            if (!IsDeliverable(delivery, limits))
                continue;
            outgoing = new Outgoing(delivery, (_inflight ??= new InflightTable()).Add(delivery), delivery.QoS, IsDuplicate: false, IsRelease: false);
            return true;
        }
        outgoing = default;
        return false;
    }

    // What was acknowledged, or got its PUBREC, while it waited to be sent again is not due any more as it was.
    private bool TryTakeResend(in DeliveryLimits limits, out Outgoing outgoing)
    {
        while (_resend!.TryPeek(out outgoing))
        {
            var isKnown = _inflight!.TryGet(outgoing.PacketId, out var entry);
            // MQTT 5 §4.9: what is sent again counts against the new connection's window; PUBREL does not.
            if (isKnown && !entry.IsReleased && _inflight.Count - _resend.Count >= _window)
                return false;
            _resend.Dequeue();
            if (!isKnown)
                continue;
            outgoing = Again(outgoing.PacketId, entry);
            if (entry.IsReleased || limits.Fits(entry.Delivery))
                return true;
            // The new connection takes smaller packets than the one before (MQTT 5 §3.1.2.11.4: as if it had been delivered).
            _inflight.Remove(outgoing.PacketId);
            _statistics.Drop(DropReason.TooLargeForSubscriber);
        }
        _resend = null;
        return false;
    }

    private bool HasWindow => (_inflight?.Count ?? 0) < _window;

    private bool IsDeliverable(in Delivery delivery, in DeliveryLimits limits)
    {
        if (delivery.Event.ExpiresAt != 0 && delivery.Event.ExpiresAt <= limits.Now)
            _statistics.Drop(DropReason.Expired);
        else if (!limits.Fits(delivery))
            _statistics.Drop(DropReason.TooLargeForSubscriber);
        else
            return true;
        return false;
    }

    private bool TryEnqueue(in Delivery delivery)
    {
        if (delivery.QoS != QoS.AtMostOnce)
        {
            (_pending ??= new DeliveryQueue()).Enqueue(delivery);
            while (_pending.Count > _options.MaxQueuedMessages || (_pending.Bytes > _options.MaxQueuedBytes && _pending.Count > 1))
            {
                _pending.Dequeue();
                _statistics.Drop(DropReason.QueueFull);
            }
            return true;
        }
        if (_connection is null)
            return false;
        if (_atMostOnce is not null && (_atMostOnce.Count >= _options.MaxQueuedMessages || _atMostOnce.Bytes >= _options.MaxQueuedBytes))
        {
            _statistics.Drop(DropReason.SlowSubscriber);
            return false;
        }
        (_atMostOnce ??= new DeliveryQueue()).Enqueue(delivery);
        return true;
    }

    private static Outgoing Again(ushort id, in InflightTable.Entry entry) =>
        new(entry.Delivery, id, entry.Delivery.QoS, IsDuplicate: !entry.IsReleased, IsRelease: entry.IsReleased);
}
