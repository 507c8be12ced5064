using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Broker.Recovery;

/// <summary>
/// One session as its records make it, without the session itself running. Every change may come twice; the second time nothing happens.
/// </summary>
internal sealed class SessionImage
{
    private readonly Dictionary<TopicFilter, SubscriptionImage> _subscriptions = [];
    private readonly QueueImage _queue = new();
    private HashSet<ushort>? _received;
    private long _sentUpTo;

    public SessionImage(OpenedRecord opened)
    {
        (Number, ClientId) = (opened.Number, opened.ClientId);
        Open(opened);
    }

    /// <summary>Its number: never used for another session.</summary>
    public uint Number { get; }

    public string ClientId { get; }

    /// <summary>Who held it last.</summary>
    public string? User { get; private set; }

    /// <summary>How long it outlives its connection.</summary>
    public uint ExpirySeconds { get; private set; }

    /// <summary>How many deliveries could be unacknowledged, at the last connection.</summary>
    public int Window { get; private set; }

    /// <summary>When the connection went, in milliseconds of Unix time; null when it was there at the last record.</summary>
    public long? ClosedAt { get; private set; }

    /// <summary>The will of the connection, or the one that waits for its delay.</summary>
    public WillImage? Will { get; private set; }

    public IReadOnlyCollection<SubscriptionImage> Subscriptions => _subscriptions.Values;

    /// <summary>How many deliveries are not over.</summary>
    public int DeliveryCount => _queue.Count;

    /// <summary>The deliveries that are not over, in order.</summary>
    public IEnumerable<DeliveryImage> Deliveries => _queue.All();

    /// <summary>The ordinal of the next delivery.</summary>
    public long NextOrdinal { get; private set; }

    /// <summary>The newest event that was queued for one of its own subscriptions, not a shared one.</summary>
    public long LastSequence { get; private set; }

    /// <summary>
    /// Below this ordinal, deliveries may have been sent. Of a session that was connected at the last record nothing better is known than that
    /// no more than its window could be on their way; the client is told again of some that it has not seen, never the other way round.
    /// </summary>
    public long SentUpTo => ClosedAt is null ? Math.Max(_sentUpTo, _queue.OrdinalBehind(Window)) : _sentUpTo;

    /// <summary>What the records themselves say about <see cref="SentUpTo"/>.</summary>
    public long RecordedSentUpTo => _sentUpTo;

    /// <summary>The packet ids of QoS 2 publishes that wait for the client's PUBREL.</summary>
    public IReadOnlyCollection<ushort> Received => _received ?? (IReadOnlyCollection<ushort>)[];

    public void Open(OpenedRecord record) =>
        (User, ExpirySeconds, Window, Will, ClosedAt) = (record.User, record.ExpirySeconds, record.Window, record.Will, null);

    public void Close(in ClosedRecord record)
    {
        (ClosedAt, ExpirySeconds) = (record.At, record.ExpirySeconds);
        if (!record.KeepsWill)
            Will = null;
        Progress(nextOrdinal: record.SentUpTo, record.SentUpTo);
    }

    public void ForgetWill() => Will = null;

    public void Subscribe(in SubscriptionImage subscription) => _subscriptions[subscription.Filter] = subscription;

    public void Unsubscribe(TopicFilter filter) => _subscriptions.Remove(filter);

    /// <summary>Queues a delivery, and returns how it came; null when it comes a second time: it may be settled by now.</summary>
    public RouteImage? Deliver(in DeliveredRecord record)
    {
        if (record.Ordinal < NextOrdinal)
            return null;
        NextOrdinal = record.Ordinal + 1;
        return _queue.Add(record);
    }

    /// <summary>The router queued this event for one of the session's own subscriptions.</summary>
    public void PassSequence(long sequence) => LastSequence = Math.Max(LastSequence, sequence);

    public void Settle(long ordinal)
    {
        _queue.Settle(ordinal);
        Progress(nextOrdinal: ordinal + 1, sentUpTo: 0);
    }

    public void Release(long ordinal)
    {
        _queue.Release(ordinal);
        Progress(nextOrdinal: ordinal + 1, sentUpTo: ordinal + 1);
    }

    /// <summary>Ordinals are never used again, also when what was recorded about them is damaged.</summary>
    public void Progress(long nextOrdinal, long sentUpTo)
    {
        NextOrdinal = Math.Max(NextOrdinal, nextOrdinal);
        _sentUpTo = Math.Max(_sentUpTo, sentUpTo);
    }

    public void Receive(ushort packetId) => (_received ??= []).Add(packetId);

    public void ReleasePublish(ushort packetId) => _received?.Remove(packetId);
}
