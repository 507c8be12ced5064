using TelemetryHub.Broker.Operation;
using TelemetryHub.Core.Log;
using TelemetryHub.Core.Routing;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Broker.Sessions;

/// <summary>
/// What one session has to deliver: what waits, what is on its way, what must be sent again. Two queues, because QoS 0 need not wait for
/// the acknowledgements of the others. The session's lock guards it.
/// </summary>
internal sealed class Deliveries(BrokerOptions options, BrokerStatistics statistics, ILog log, Ledger? ledger)
{
    private readonly PendingDeliveries _pending = new(log); // QoS 1 and 2
    private readonly UnkeptDeliveries? _unkept = ledger is null ? null : new UnkeptDeliveries(log);
    private Ring<Delivery>? _atMostOnce;
    private long _atMostOnceBytes;
    private int _window;
    private bool _isStarved; // what is next must be read back first

    /// <summary>What is on its way.</summary>
    public Unacknowledged Inflight { get; private set; } = new(statistics, log, ledger);

    /// <summary>What must be kept before anything more can be taken, a record of it; 0 when that is not what it waits for.</summary>
    public long AwaitedTicket { get; private set; }

    /// <summary>Is there something that <see cref="TryTake"/> would give now?</summary>
    public bool HasOutgoing => _atMostOnce is { Count: > 0 } || (!IsHeldUp && (Inflight.AgainCount > 0 || MayTakePending));

    /// <summary>Is there room for a good deal more?</summary>
    public bool HasRoom => _pending.Count < _window
        && (_atMostOnce is null || (_atMostOnce.Count < options.MaxQueuedMessages / 2 && _atMostOnceBytes < options.MaxQueuedBytes / 2));

    /// <summary>Takes up what a session had before a restart, one after the other.</summary>
    public void Restore(in Queued queued, bool wasSent)
    {
        if (wasSent && Inflight.CanAdd(queued.Ordinal))
            Inflight.Add(queued);
        else
            _pending.Restore(queued);
    }

    /// <summary>Takes up how far the session had got.</summary>
    public void RestoreProgress(long nextOrdinal, long sentUpTo)
    {
        _pending.RestoreNext(nextOrdinal);
        Inflight.RestoreSent(sentUpTo);
    }

    /// <summary>The client is here. What it had not acknowledged is due again, in order, before anything new.</summary>
    public void Resume(int window)
    {
        (_window, _isStarved, AwaitedTicket) = (window, false, 0);
        Inflight.Resume();
    }

    /// <summary>The client is gone. QoS 0 that waited goes with it: nothing was promised.</summary>
    public void Suspend()
    {
        (_atMostOnce, _atMostOnceBytes) = (null, 0);
        _pending.Suspend();
        Inflight.Suspend();
    }

    /// <summary>Queues a delivery. False when it was dropped, or when nothing can be sent because of it.</summary>
    public bool TryEnqueue(in Delivery delivery, bool isConnected)
    {
        if (delivery.QoS != QoS.AtMostOnce)
        {
            EnqueuePending(delivery, isConnected);
            // Otherwise the client's next acknowledgement wakes the connection, or the log.
            return isConnected && !IsHeldUp && MayTakePending;
        }
        if (!isConnected)
            return false;
        _atMostOnce ??= new Ring<Delivery>();
        if (_atMostOnce.Count >= options.MaxQueuedMessages || _atMostOnceBytes >= options.MaxQueuedBytes)
        {
            statistics.Drop(DropReason.SlowSubscriber);
            return false;
        }
        _atMostOnce.Enqueue(delivery);
        _atMostOnceBytes += delivery.Event.SizeBytes;
        return true;
    }

    /// <summary>The next packet to send. What has expired or is too large for the client is dropped on the way.</summary>
    public bool TryTake(in DeliveryLimits limits, out Outgoing outgoing)
    {
        (_isStarved, AwaitedTicket) = (false, 0);
        if (Inflight.AgainCount > 0 && Inflight.TryTakeAgain(limits, _window, out outgoing, out _isStarved))
            return true;
        while (_atMostOnce is { Count: > 0 })
        {
            var delivery = _atMostOnce.Dequeue();
            _atMostOnceBytes -= delivery.Event.SizeBytes;
            outgoing = new Outgoing(delivery, 0, QoS.AtMostOnce, IsDuplicate: false, IsRelease: false);
            if (WhyNot(delivery, limits) is not { } reason)
                return true;
            statistics.Drop(reason);
        }
        while (MayTakePending)
        {
            if (_isStarved = _pending.First is { Event: null, IsLost: false } && !_pending.TryLoadFirst())
                break;
            if ((AwaitedTicket = _unkept?.TicketOf(_pending.First.Ordinal) ?? 0) != 0)
                break;
            if (TryBegin(_pending.Dequeue(), limits, out outgoing))
                return true;
        }
        if (Inflight.AgainCount > 0)
            AwaitedTicket = Inflight.AwaitedTicket;
        outgoing = default;
        return false;
    }

    /// <summary>What must be read back before anything more can be taken; null when that is not what it waits for.</summary>
    public Page? NextPage(Session session, bool isLastTry)
    {
        if (!_isStarved)
            return null;
        var page = new Page(session, log, isLastTry);
        if (Inflight.TryAddMissing(page))
            _pending.AddMissing(page);
        return page;
    }

    /// <summary>Takes what was read back. Ordinals are never used again, so it fits whatever happened meanwhile.</summary>
    public void Fill(Page page)
    {
        _isStarved = false;
        for (var i = 0; i < page.Count; i++)
        {
            var (ordinal, @event) = page[i];
            if (!Inflight.TryFill(ordinal, @event))
                _pending.Fill(ordinal, @event);
        }
    }

    /// <summary>Drops what waits and is not in the log any more; returns how many.</summary>
    public int DropBelow(long sequence)
    {
        var count = 0;
        for (; _pending.TryDropBelow(sequence, out var dropped); count++)
            Drop(dropped, DropReason.NotKept);
        return count;
    }

    /// <summary>Takes out what waits because of a shared subscription: others can have it.</summary>
    public List<Queued> TakeShared(List<TopicFilter> filters) => _pending.TakeOut(route => route.Group is { } group && filters.Contains(group.Filter));

    /// <summary>The session is over: what others can have of it.</summary>
    public List<Queued> End()
    {
        List<Queued> shared = [.. Inflight.Shared()];
        while (_pending.Count > 0)
        {
            if (_pending.Dequeue() is { Route.Group: not null } queued)
                shared.Add(queued);
        }
        (Inflight, _atMostOnce) = (new Unacknowledged(statistics, log, ledger), null);
        return shared;
    }

    private bool IsHeldUp => _isStarved || AwaitedTicket != 0;

    // Nothing overtakes what must be sent again.
    private bool MayTakePending => _pending.Count > 0 && Inflight.AgainCount == 0 && Inflight.Count < _window && Inflight.CanAdd(_pending.First.Ordinal);

    private void EnqueuePending(in Delivery delivery, bool isConnected)
    {
        // What the log keeps costs no bytes here; a retained message does, and those before it are worth no less.
        if (log.KeepsEvents && delivery.IsReplay && _pending.HeldBytes > options.MaxQueuedBytes)
        {
            statistics.Drop(DropReason.QueueFull);
            return;
        }
        var ordinal = _pending.Enqueue(delivery, isConnected);
        if (ledger?.Delivered(delivery, ordinal) is { } ticket && delivery.QoS == QoS.ExactlyOnce)
            _unkept!.Add(ordinal, ticket);
        while (_pending.Count > options.MaxQueuedMessages || (!log.KeepsEvents && _pending.HeldBytes > options.MaxQueuedBytes && _pending.Count > 1))
        {
            Drop(_pending.Dequeue(), DropReason.QueueFull);
        }
    }

    private bool TryBegin(in Queued entry, in DeliveryLimits limits, out Outgoing outgoing)
    {
        outgoing = default;
        if (entry.IsLost)
            Drop(entry, DropReason.NotKept);
        else if (WhyNot(entry.Delivery, limits) is { } reason)
            Drop(entry, reason);
        else
        {
            Inflight.Add(entry);
            outgoing = new Outgoing(entry.Delivery, entry.PacketId, entry.Delivery.QoS, IsDuplicate: false, IsRelease: false);
            return true;
        }
        return false;
    }

    private void Drop(in Queued entry, DropReason reason)
    {
        statistics.Drop(reason);
        ledger?.Settled(entry.Ordinal);
    }

    private static DropReason? WhyNot(in Delivery delivery, in DeliveryLimits limits) =>
        delivery.Event.ExpiresAt != 0 && delivery.Event.ExpiresAt <= limits.Now ? DropReason.Expired
        : !limits.Fits(delivery) ? DropReason.TooLargeForSubscriber : null;
}
