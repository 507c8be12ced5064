using TelemetryHub.Mqtt.Client.Connections;

namespace TelemetryHub.Mqtt.Client.Sessions;

/// <summary>What is to be sent, in which order, and how much of it the server takes at a time. Not thread-safe: <see cref="Publications"/> locks.</summary>
internal sealed class DeliveryQueues(int maximumInFlight)
{
    private readonly Queue<Delivery> _unacknowledged = []; // QoS 0, waiting for room; as many as there are callers waiting
    private readonly Queue<Delivery> _repeats = []; // in flight since an earlier connection
    private readonly Queue<Delivery> _waiting = []; // QoS 1 and 2, never sent; as many as there are callers waiting
    private Outlet? _outlet;
    private int _quota; // MQTT 5 §4.9: how many more publishes the server takes before it acknowledges one

    public InFlight InFlight { get; } = new();

    /// <summary>QoS 0 that comes now has to wait behind others.</summary>
    public bool HasUnacknowledged => _unacknowledged.Count > 0;

    public void Enqueue(Delivery delivery) =>
        (delivery.Message.QoS == QoS.AtMostOnce ? _unacknowledged : _waiting).Enqueue(delivery);

    /// <summary>A connection to send on. In a resumed session what is in flight is repeated first.</summary>
    public void Open(Outlet outlet, bool repeatsInFlight)
    {
        (_outlet, _quota) = (outlet, outlet.ReceiveMaximum);
        _repeats.Clear();
        if (!repeatsInFlight)
            return;
        foreach (var delivery in InFlight.InOrder())
        {
            delivery.IsRepeated = true;
            _repeats.Enqueue(delivery);
        }
    }

    /// <summary>No connection any more: QoS 0 does not wait for the next one.</summary>
    public void Close(Exception error)
    {
        _outlet = null;
        FailAll(_unacknowledged, error);
    }

    public void FailWaiting(Exception error) => FailAll(_waiting, error);

    /// <summary>Puts these back in front of all that were never sent.</summary>
    public void StartAnew(IEnumerable<Delivery> deliveries)
    {
        var later = _waiting.ToArray();
        _waiting.Clear();
        foreach (var delivery in deliveries)
        {
            (delivery.State, delivery.IsRepeated) = (DeliveryState.Waiting, false);
            _waiting.Enqueue(delivery);
        }

        foreach (var delivery in later)
            _waiting.Enqueue(delivery);
    }

    /// <summary>Sends what can be sent.</summary>
    public void Dispatch()
    {
        if (_outlet is not { } outlet)
            return;
        while (_unacknowledged.TryPeek(out var delivery) && TrySend(outlet, delivery))
            _unacknowledged.Dequeue();
        while (_repeats.TryPeek(out var delivery) && TryRepeat(outlet, delivery))
            _repeats.Dequeue();
        while (_repeats.Count == 0 && _quota > 0 && InFlight.Count < maximumInFlight
            && _waiting.TryPeek(out var delivery) && TrySend(outlet, delivery))
            _waiting.Dequeue();
    }

    /// <summary>The server is finished with it, so there is a place for another.</summary>
    public void Finish(Delivery delivery, PublishResult result)
    {
        InFlight.Remove(delivery);
        delivery.Complete(result);
        _quota = Math.Min(_quota + 1, _outlet?.ReceiveMaximum ?? 0);
        Dispatch();
    }

    private bool TryRepeat(Outlet outlet, Delivery delivery)
    {
        if (delivery.State != DeliveryState.AwaitsPubComp)
            return (delivery.State == DeliveryState.Done || _quota > 0) && TrySend(outlet, delivery);

        // MQTT 5 §4.9 lets PUBREL pass whatever the quota says, and so does this; but Mosquitto counts the exchange it belongs to, and
        // refuses with 0x97 the publish that is one too many. PUBCOMP gives the place back.
        _quota--;
        outlet.Release(delivery.PacketId);
        return true;
    }

    /// <summary>False when it has to wait for room.</summary>
    private bool TrySend(Outlet outlet, Delivery delivery)
    {
        if (delivery.State == DeliveryState.Done)
            return true;
        var isAcknowledged = delivery.Message.QoS != QoS.AtMostOnce;
        if (isAcknowledged && !delivery.IsRepeated)
            InFlight.Add(delivery);
        try
        {
            if (outlet.Send(delivery.Message, delivery.PacketId, delivery.IsRepeated) == WriteOutcome.Written)
            {
                NoteSent(delivery, isAcknowledged);
                return true;
            }
        }
        catch (MqttRefusedException e)
        {
            InFlight.Remove(delivery);
            delivery.Fail(e);
            return true;
        }

        if (isAcknowledged && !delivery.IsRepeated)
            InFlight.TakeBack(delivery);
        return false;
    }

    private void NoteSent(Delivery delivery, bool isAcknowledged)
    {
        if (!isAcknowledged)
        {
            delivery.Complete(new PublishResult(ReasonCode.Success));
            return;
        }

        _quota--;
        delivery.State = delivery.Message.QoS == QoS.AtLeastOnce ? DeliveryState.AwaitsPubAck : DeliveryState.AwaitsPubRec;
    }

    private static void FailAll(Queue<Delivery> queue, Exception error)
    {
        while (queue.TryDequeue(out var delivery))
            delivery.Fail(error);
    }
}
