using TelemetryHub.Broker.Operation;
using TelemetryHub.Core.Routing;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Broker.Sessions;

/// <summary>
/// What one session has to deliver: what waits, what is on its way, what must be sent again. Two queues, because QoS 0 need not wait for
/// the acknowledgements of the others. The session's lock guards it.
/// </summary>
internal sealed class Deliveries(BrokerOptions options, BrokerStatistics statistics)
{
    private DeliveryQueue? _atMostOnce;
    private DeliveryQueue? _pending; // QoS 1 and 2
    private InflightTable? _inflight;
    private Queue<ushort>? _again;
    private int _window;

    /// <summary>May another QoS 1 or 2 delivery be sent before one is acknowledged?</summary>
    public bool HasWindow => (_inflight?.Count ?? 0) < _window;

    /// <summary>Is there something that <see cref="TryTake"/> would give now?</summary>
    public bool HasOutgoing => _again is { Count: > 0 } || _atMostOnce is { Count: > 0 } || (_pending is { Count: > 0 } && HasWindow);

    /// <summary>Is there room for a good deal more?</summary>
    public bool HasRoom => (_pending?.Count ?? 0) < _window && (_atMostOnce?.Count ?? 0) < options.MaxQueuedMessages / 2;

    /// <summary>The client is here. What it had not acknowledged is due again, in order, before anything new.</summary>
    public void Resume(int window)
    {
        _window = window;
        _again = _inflight is { Count: > 0 } ? new Queue<ushort>(_inflight.IdsInOrder()) : null;
    }

    /// <summary>The client is gone. QoS 0 that waited goes with it: nothing was promised.</summary>
    public void Suspend() => (_atMostOnce, _again) = (null, null);

    /// <summary>Queues a delivery. False when it was dropped, or when nothing can be sent because of it.</summary>
    public bool TryEnqueue(in Delivery delivery, bool isConnected)
    {
        if (delivery.QoS != QoS.AtMostOnce)
        {
            EnqueuePending(delivery);
            return isConnected && HasWindow; // with the window closed the client's next acknowledgement wakes the connection
        }
        if (!isConnected)
            return false;
        _atMostOnce ??= new DeliveryQueue();
        if (_atMostOnce.Count >= options.MaxQueuedMessages || _atMostOnce.Bytes >= options.MaxQueuedBytes)
        {
            statistics.Drop(DropReason.SlowSubscriber);
            return false;
        }
        _atMostOnce.Enqueue(delivery);
        return true;
    }

    /// <summary>The next packet to send. What has expired or is too large for the client is dropped on the way.</summary>
    public bool TryTake(in DeliveryLimits limits, out Outgoing outgoing)
    {
        if (_again is not null && TryTakeAgain(limits, out outgoing))
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

    /// <summary>PUBACK, or PUBREC with an error: the delivery is over. False when the id is not in flight at that step.</summary>
    public bool Acknowledge(ushort packetId, QoS qos)
    {
        if (_inflight is null || !_inflight.TryGet(packetId, out var entry) || entry.IsReleased || entry.Delivery.QoS != qos)
            return false;
        _inflight.Remove(packetId);
        return true;
    }

    /// <summary>PUBREC: PUBREL is due. Also true when it came before.</summary>
    public bool Receive(ushort packetId)
    {
        if (_inflight is null || !_inflight.TryGet(packetId, out var entry) || entry.Delivery.QoS != QoS.ExactlyOnce)
            return false;
        _inflight.Release(packetId, entry);
        return true;
    }

    /// <summary>PUBCOMP: the delivery is over.</summary>
    public bool Complete(ushort packetId)
    {
        if (_inflight is null || !_inflight.TryGet(packetId, out var entry) || !entry.IsReleased)
            return false;
        _inflight.Remove(packetId);
        return true;
    }

    /// <summary>Takes out what waits because of a shared subscription: others can have it.</summary>
    public List<Delivery> TakeShared()
    {
        if (_pending is null || !_pending.Any(delivery => delivery.Route.Group is not null))
            return [];
        var all = _pending.DrainAll();
        foreach (var own in all.Where(delivery => delivery.Route.Group is null))
            _pending.Enqueue(own);
        return [.. all.Where(delivery => delivery.Route.Group is not null)];
    }

    /// <summary>Forgets everything. MQTT 5 §4.8.2: QoS 1 of shared subscriptions goes to others, also when it was on its way; QoS 2 on its way does not.</summary>
    public List<Delivery> End()
    {
        List<Delivery> shared = [];
        if (_inflight is not null)
            shared.AddRange(_inflight.InOrder().Where(delivery => delivery.Route.Group is not null && delivery.QoS == QoS.AtLeastOnce));
        shared.AddRange(TakeShared());
        (_atMostOnce, _pending, _inflight, _again) = (null, null, null, null);
        return shared;
    }

    // What was acknowledged, or got its PUBREC, while it waited to be sent again is not due any more as it was.
    private bool TryTakeAgain(in DeliveryLimits limits, out Outgoing outgoing)
    {
        outgoing = default;
        while (_again!.TryPeek(out var id))
        {
            var isKnown = _inflight!.TryGet(id, out var entry);
            // MQTT 5 §4.9: what is sent again counts against the new connection's window; PUBREL does not.
            if (isKnown && !entry.IsReleased && _inflight.Count - _again.Count >= _window)
                return false;
            _again.Dequeue();
            if (!isKnown)
                continue;
            outgoing = new Outgoing(entry.Delivery, id, entry.Delivery.QoS, IsDuplicate: !entry.IsReleased, IsRelease: entry.IsReleased);
            if (entry.IsReleased || limits.Fits(entry.Delivery))
                return true;
            // The new connection takes smaller packets than the one before (MQTT 5 §3.1.2.11.4: as if it had been delivered).
            _inflight.Remove(id);
            statistics.Drop(DropReason.TooLargeForSubscriber);
        }
        _again = null;
        return false;
    }

    private void EnqueuePending(in Delivery delivery)
    {
        _pending ??= new DeliveryQueue();
        _pending.Enqueue(delivery);
        while (_pending.Count > options.MaxQueuedMessages || (_pending.Bytes > options.MaxQueuedBytes && _pending.Count > 1))
        {
            _pending.Dequeue();
            statistics.Drop(DropReason.QueueFull);
        }
    }

    private bool IsDeliverable(in Delivery delivery, in DeliveryLimits limits)
    {
        if (delivery.Event.ExpiresAt != 0 && delivery.Event.ExpiresAt <= limits.Now)
            statistics.Drop(DropReason.Expired);
        else if (!limits.Fits(delivery))
            statistics.Drop(DropReason.TooLargeForSubscriber);
        else
            return true;
        return false;
    }
}
