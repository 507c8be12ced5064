using TelemetryHub.Broker.Connections;
using TelemetryHub.Broker.Operation;
using TelemetryHub.Broker.Wills;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Log;
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
    private readonly int _maxSubscriptions;

    private readonly Lock _gate = new(); // guards everything below it
    private readonly Dictionary<TopicFilter, Subscription> _subscriptions = [];
    private readonly Deliveries _deliveries;
    private Dictionary<ushort, long>? _received;
    private Page? _page; // being read back
    private Connection? _connection; // written under the gate, read by Wake without it
    private bool _isWoken;
    private bool _isEnding;

    public Session(string clientId, Principal principal, BrokerOptions options, BrokerStatistics statistics, ILog log)
    {
        (ClientId, Principal, _maxSubscriptions) = (clientId, principal, options.MaxSubscriptionsPerClient);
        _deliveries = new Deliveries(options, statistics, log);
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
    public Takeovers Takeovers { get; init; } = new();

    /// <summary>Is there anything to be done about this unheld session? The registry's lock guards it.</summary>
    public bool IsDue(long now) => EndsAt <= now || (Will is not null && WillDueAt <= now);

    public Connection? Connection => Volatile.Read(ref _connection);

    public bool IsReady
    {
        get
        {
            lock (_gate)
                return _connection is not null && _deliveries.HasRoom;
        }
    }

    /// <summary>Is there something that <see cref="Take"/> would give now?</summary>
    public bool HasOutgoing
    {
        get
        {
            lock (_gate)
                return _deliveries.HasOutgoing;
        }
    }

    /// <summary>How many QoS 2 publishes of the client wait for its PUBREL.</summary>
    public int ReceivedCount
    {
        get
        {
            lock (_gate)
                return _received?.Count ?? 0;
        }
    }

    public bool Deliver(in Delivery delivery)
    {
        lock (_gate)
        {
            if (!_deliveries.TryEnqueue(delivery, _connection is not null) || _isWoken)
                return false;
            return _isWoken = true;
        }
    }

    public void Wake() => Connection?.Link.Wake();

    /// <summary>A connection begins to speak for the session.</summary>
    public void Attach(Connection connection, Principal principal, int window)
    {
        lock (_gate)
        {
            Principal = principal;
            _isWoken = false;
            _deliveries.Resume(window);
            Volatile.Write(ref _connection, connection);
        }
    }

    /// <summary>The connection is gone.</summary>
    public void Detach()
    {
        lock (_gate)
        {
            Volatile.Write(ref _connection, null);
            _deliveries.Suspend();
        }
    }

    /// <summary>The session ends: it takes no more subscriptions. Returns those it has; what they bring until they are removed is still taken.</summary>
    public List<Subscription> BeginEnd()
    {
        lock (_gate)
        {
            _isEnding = true;
            List<Subscription> subscriptions = [.. _subscriptions.Values];
            _subscriptions.Clear();
            return subscriptions;
        }
    }

    /// <summary>The session is over, and nothing brings it deliveries any more. Returns those that other members of shared subscriptions can have.</summary>
    public List<Queued> End()
    {
        lock (_gate)
        {
            Volatile.Write(ref _connection, null);
            return _deliveries.End();
        }
    }

    /// <summary>Is it over, or about to be?</summary>
    public bool IsEnding
    {
        get
        {
            lock (_gate)
                return _isEnding;
        }
    }

    /// <summary>The shared subscriptions that it has.</summary>
    public List<TopicFilter> SharedFilters()
    {
        lock (_gate)
            return [.. _subscriptions.Keys.Where(filter => filter.IsShared)];
    }

    /// <summary>Takes the queued deliveries of these shared subscriptions out, so that other members can have them.</summary>
    public List<Queued> TakeShared(List<TopicFilter> filters)
    {
        lock (_gate)
            return _deliveries.TakeShared(filters);
    }

    /// <summary>Drops what waits and is not in the log any more; returns how many.</summary>
    public int DropBelow(long sequence)
    {
        lock (_gate)
            return _deliveries.DropBelow(sequence);
    }

    /// <summary>A page has been read, or as much of it as could be. Any thread.</summary>
    public void OnRead(Page page)
    {
        lock (_gate)
        {
            _page = null;
            if (_connection is null || page.Count == 0)
                return;
            _deliveries.Fill(page);
        }
        Wake();
    }

    /// <summary>The subscription with this filter that <paramref name="subscription"/> replaces, if any; false when there are too many.</summary>
    public bool TryAddSubscription(Subscription subscription, out Subscription? replaced)
    {
        lock (_gate)
        {
            if ((!_subscriptions.TryGetValue(subscription.Filter, out replaced) && _subscriptions.Count >= _maxSubscriptions) || _isEnding)
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

    /// <summary>Has a QoS 2 publish with this id been received and not been released? Then it must not be taken again; its ticket says whether it is kept.</summary>
    public bool IsReceived(ushort packetId, out long ticket)
    {
        ticket = 0;
        lock (_gate)
            return _received is not null && _received.TryGetValue(packetId, out ticket);
    }

    /// <summary>Remembers a QoS 2 publish until its PUBREL.</summary>
    public void AddReceived(ushort packetId, long ticket)
    {
        lock (_gate)
            (_received ??= [])[packetId] = ticket;
    }

    /// <summary>PUBREL came (or the publish was refused): the id may be used for a new message. False when it was not known.</summary>
    public bool RemoveReceived(ushort packetId)
    {
        lock (_gate)
            return _received is not null && _received.Remove(packetId);
    }

    /// <inheritdoc cref="Unacknowledged.Acknowledge"/>
    public bool Acknowledge(ushort packetId, QoS qos)
    {
        lock (_gate)
            return _deliveries.Inflight.Acknowledge(packetId, qos);
    }

    /// <inheritdoc cref="Unacknowledged.Receive"/>
    public bool Receive(ushort packetId)
    {
        lock (_gate)
            return _deliveries.Inflight.Receive(packetId);
    }

    /// <inheritdoc cref="Unacknowledged.Complete"/>
    public bool Complete(ushort packetId)
    {
        lock (_gate)
            return _deliveries.Inflight.Complete(packetId);
    }

    /// <summary>
    /// Takes the next packets to send, at most as many as fit <paramref name="into"/> and the budget. Afterwards the router wakes the
    /// connection again for anything new.
    /// </summary>
    public int Take(Connection connection, Span<Outgoing> into, int budgetBytes, in DeliveryLimits limits)
    {
        lock (_gate)
        {
            _isWoken = false;
            if (!ReferenceEquals(_connection, connection))
                return 0;
            var count = 0;
            while (count < into.Length && budgetBytes > 0 && _deliveries.TryTake(limits, out into[count]))
                budgetBytes -= into[count++].EncodedBytes(limits);
            if (_page is null && (_page = _deliveries.NextPage(this)) is not null)
                ThreadPool.UnsafeQueueUserWorkItem(_page, preferLocal: false);
            return count;
        }
    }
}
