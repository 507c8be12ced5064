using TelemetryHub.Broker.Connections;
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
internal sealed partial class Session : ISubscriber, ILogWaiter
{
    private readonly ILog _log;
    private readonly Lock _gate = new(); // guards everything below it
    private readonly Deliveries _deliveries;
    private Connection? _connection; // written under the gate, read by Wake without it
    private bool _isWoken;
    private bool _isAwaitingLog; // it will call OnKept

    /// <param name="clientId">Whose it is.</param>
    /// <param name="principal">Who holds it now.</param>
    /// <param name="ledger">Where the log is told about it; null when nothing would be missed of it.</param>
    /// <param name="isKept">Whether it outlives its connection: then the log is told what it has to deliver and has received.</param>
    /// <param name="broker">Whose bounds, counters and log it uses.</param>
    public Session(string clientId, Principal principal, Ledger? ledger, bool isKept, MqttBroker broker)
    {
        (ClientId, Principal, Ledger, _log) = (clientId, principal, ledger, broker.Log);
        _delayedReads = broker.DelayedReads;
        KeptLedger = isKept ? ledger : null;
        _deliveries = new Deliveries(broker.Options, broker.Statistics, broker.Log, KeptLedger);
        Subscriptions = new SubscriptionList(_gate, broker.Options.MaxSubscriptionsPerClient);
        Received = new ReceivedPublishes(_gate, KeptLedger);
    }

    public string ClientId { get; }

    /// <summary>Who holds the session now; set when a connection attaches.</summary>
    public Principal Principal { get; private set; }

    /// <summary>Where the log is told who holds the session, and its will.</summary>
    public Ledger? Ledger { get; }

    /// <summary>The same, if the log is told everything about it.</summary>
    public Ledger? KeptLedger { get; }

    public SubscriptionList Subscriptions { get; }

    public ReceivedPublishes Received { get; }

    /// <summary>Seconds that the session outlives its connection; <see cref="uint.MaxValue"/> = as long as the hub allows. The registry's lock guards it.</summary>
    public uint ExpirySeconds { get; set; }

    /// <summary>The will of the current connection, or the one that waits for its delay. The registry's lock guards it.</summary>
    public Will? Will { get; set; }

    /// <summary>Which of its holders, as the ledger counts them, is the last one. The registry's lock guards it.</summary>
    public int Holder { get; set; }

    /// <summary>When the session ends unless it is held again, as a timestamp. The registry's lock guards it.</summary>
    public long EndsAt { get; set; }

    /// <summary>When the will is due unless the session is held again, as a timestamp. The registry's lock guards it.</summary>
    public long WillDueAt { get; set; }

    /// <summary>How often the client id changed hands lately. The registry's lock guards it.</summary>
    public Takeovers Takeovers { get; init; } = new();

    /// <summary>Nobody has held it since the hub started. The registry's lock guards it.</summary>
    public bool IsRestored { get; set; }

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

    public bool Deliver(in Delivery delivery)
    {
        lock (_gate)
        {
            if (_alreadyRouted is not null && HasHad(delivery))
                return false;
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

    /// <summary>The connection is gone. Returns the ordinal behind the last delivery that was sent.</summary>
    public long Detach()
    {
        lock (_gate)
        {
            Volatile.Write(ref _connection, null);
            _deliveries.Suspend();
            return _deliveries.Inflight.SentUpTo;
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

    /// <inheritdoc cref="Unacknowledged.Acknowledge"/>
    public bool Acknowledge(ushort packetId, QoS qos)
    {
        lock (_gate)
            return _deliveries.Inflight.Acknowledge(packetId, qos);
    }

    /// <inheritdoc cref="Unacknowledged.Receive"/>
    public bool Receive(ushort packetId, out long ticket)
    {
        lock (_gate)
            return _deliveries.Inflight.Receive(packetId, out ticket);
    }

    /// <inheritdoc cref="Unacknowledged.Complete"/>
    public bool Complete(ushort packetId)
    {
        lock (_gate)
            return _deliveries.Inflight.Complete(packetId);
    }

    /// <summary>
    /// Takes the next packets to send, at most as many as fit <paramref name="into"/> and the budget. Afterwards the router wakes the
    /// connection again for anything new, and so does the log for what waits for it.
    /// </summary>
    public int Take(Connection connection, Span<Outgoing> into, int budgetBytes, in DeliveryLimits limits)
    {
        lock (_gate)
        {
            _isWoken = false;
            if (!ReferenceEquals(_connection, connection))
                return 0;
            var count = 0;
            while (count < into.Length && budgetBytes > 0 && (_deliveries.TryTake(limits, out into[count]) || HasCome(limits, out into[count])))
                budgetBytes -= into[count++].EncodedBytes(limits);
            ReadNextPage();
            return count;
        }
    }

    /// <summary>What the next delivery waited for is kept.</summary>
    public void OnKept()
    {
        lock (_gate)
            _isAwaitingLog = false;
        Wake();
    }

    public void OnSpace()
    {
        // it appends nothing that could be refused
    }

    // Nothing can be taken because the log does not keep yet what must be kept first: it calls back, or has kept it by now.
    private bool HasCome(in DeliveryLimits limits, out Outgoing outgoing)
    {
        outgoing = default;
        while (_deliveries.AwaitedTicket is var ticket and not 0 && !_isAwaitingLog)
        {
            _isAwaitingLog = _log.WaitUntilKept(ticket, this);
            if (!_isAwaitingLog && _deliveries.TryTake(limits, out outgoing))
                return true;
        }
        return false;
    }
}
