using TelemetryHub.Mqtt.Client.Connections;
using TelemetryHub.Mqtt.Packets;
using TelemetryHub.Mqtt.Properties;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Mqtt.Client.Sessions;

/// <summary>
/// Everything this client publishes: what waits, what is in flight, and what has to be repeated on the next connection. Lives as long
/// as the client. May call into the <see cref="Outbox"/> under its lock, never the other way round.
/// </summary>
internal sealed class Publications(MqttClientOptions options)
{
    private readonly Lock _gate = new(); // guards all fields
    private readonly InFlight _inFlight = new();
    private readonly Queue<Delivery> _unacknowledged = []; // QoS 0, waiting for room; as many as there are callers waiting
    private readonly Queue<Delivery> _repeats = []; // in flight since an earlier connection
    private readonly Queue<Delivery> _waiting = []; // QoS 1 and 2, never sent; as many as there are callers waiting
    private Outbox? _outbox;
    private ConnectResult _limits = new();
    private int _quota; // MQTT 5 §4.9: how many more publishes the server takes before it acknowledges one
    private bool _accepting; // from a connect until it is known that no other connection will come by itself

    public ValueTask<PublishResult> PublishAsync(MqttMessage message, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (message.Topic.IsEmpty)
            throw new ArgumentException("A message needs a topic.", nameof(message));
        if (options.Version == MqttVersion.V5 && message.Properties is { } properties)
            _ = properties.Encoded; // throws for text that cannot be sent; here, where the caller sees it
        Delivery delivery;
        lock (_gate)
        {
            if (!_accepting || (message.QoS == QoS.AtMostOnce && _outbox is null))
                return ValueTask.FromException<PublishResult>(NotConnected());
            if (message.QoS == QoS.AtMostOnce && _unacknowledged.Count == 0 && TrySendAtOnce(message, out var refusal))
                return refusal is null
                    ? ValueTask.FromResult(new PublishResult(ReasonCode.Success))
                    : ValueTask.FromException<PublishResult>(refusal);
            delivery = new Delivery(message);
            (message.QoS == QoS.AtMostOnce ? _unacknowledged : _waiting).Enqueue(delivery);
            Dispatch();
        }

        return cancellationToken.CanBeCanceled ? WaitAsync(delivery, cancellationToken) : new ValueTask<PublishResult>(delivery.Task);
    }

    /// <summary>QoS 0 without a promise: false when there is no room or no connection.</summary>
    public bool TryPublish(TopicName topic, ReadOnlySpan<byte> payload, bool retain)
    {
        var outbox = Volatile.Read(ref _outbox);
        if (outbox is null)
            return false;
        var outcome = outbox.TryPublish(new PublishPacket { Topic = topic.Utf8, Payload = payload, Retain = retain }, topic);
        return outcome == WriteOutcome.TooLarge ? throw Refusal(ReasonCode.PacketTooLarge) : outcome == WriteOutcome.Written;
    }

    /// <summary>A connection is there: repeats what the server has not finished with, or starts it anew where the server forgot it.</summary>
    public void Attach(Outbox outbox, ConnectResult limits)
    {
        lock (_gate)
        {
            _limits = limits;
            _quota = limits.ReceiveMaximum;
            _accepting = true;
            _repeats.Clear();
            if (limits.SessionPresent)
                RepeatAll();
            else
                StartAnew();
            Volatile.Write(ref _outbox, outbox);
            Dispatch();
        }
    }

    /// <summary>The connection is gone and another is on its way. QoS 0 does not wait for it.</summary>
    public void Detach(ConnectionEnd end)
    {
        lock (_gate)
        {
            Volatile.Write(ref _outbox, null);
            FailAll(_unacknowledged, new MqttDisconnectedException("The connection was lost", end));
        }
    }

    /// <summary>No other connection will come by itself. What is in flight stays known: the server's session may know it, too.</summary>
    public void Stop(ConnectionEnd end)
    {
        lock (_gate)
        {
            Volatile.Write(ref _outbox, null);
            _accepting = false;
            var error = new MqttDisconnectedException("The connection ended", end);
            FailAll(_unacknowledged, error);
            FailAll(_waiting, error);
            foreach (var delivery in _inFlight.InOrder())
                delivery.TrySetException(error);
        }
    }

    /// <summary>There may be room, or quota, again.</summary>
    public void OnRoom()
    {
        lock (_gate)
            Dispatch();
    }

    public void OnPubAck(ushort packetId, PublishResult result)
    {
        lock (_gate)
        {
            if (_inFlight.Find(packetId, DeliveryState.AwaitsPubAck) is { } delivery)
                Finish(delivery, result);
        }
    }

    public void OnPubRec(ushort packetId, PublishResult result)
    {
        lock (_gate)
        {
            if (_inFlight.Find(packetId, DeliveryState.AwaitsPubRec) is { } delivery)
            {
                if (!result.IsSuccess)
                {
                    Finish(delivery, result); // MQTT 5 §4.3.3: a refusing PUBREC ends the exchange
                    return;
                }

                delivery.State = DeliveryState.AwaitsPubComp;
                _outbox?.WriteAck(PacketType.PubRel, packetId);
            }
            else if (_inFlight.Find(packetId, DeliveryState.AwaitsPubComp) is not null)
            {
                _outbox?.WriteAck(PacketType.PubRel, packetId);
            }
            else if (result.IsSuccess)
            {
                _outbox?.WriteAck(PacketType.PubRel, packetId, ReasonCode.PacketIdentifierNotFound); // lets the server forget it
            }
        }
    }

    public void OnPubComp(ushort packetId, PublishResult result)
    {
        lock (_gate)
        {
            if (_inFlight.Find(packetId, DeliveryState.AwaitsPubComp) is { } delivery)
                Finish(delivery, result);
        }
    }

    private async ValueTask<PublishResult> WaitAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        try
        {
            return await delivery.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            lock (_gate)
            {
                // What was sent has to be seen through; what was not need not be sent.
                if (delivery.State == DeliveryState.Waiting)
                    delivery.State = DeliveryState.Done;
            }

            throw;
        }
    }

    /// <summary>QoS 0 with room left costs no delivery. False when there is none.</summary>
    private bool TrySendAtOnce(MqttMessage message, out MqttRefusedException? refusal)
    {
        refusal = null;
        try
        {
            return Send(message, id: 0, dup: false) == WriteOutcome.Written;
        }
        catch (MqttRefusedException e)
        {
            refusal = e;
            return true;
        }
    }

    private void RepeatAll()
    {
        foreach (var delivery in _inFlight.InOrder())
        {
            delivery.IsRepeated = true;
            _repeats.Enqueue(delivery);
        }
    }

    private void StartAnew()
    {
        var lost = _inFlight.InOrder();
        _inFlight.Clear();
        var later = _waiting.ToArray();
        _waiting.Clear();
        foreach (var delivery in lost)
        {
            if (delivery.State == DeliveryState.AwaitsPubComp)
                delivery.TrySetResult(new PublishResult(ReasonCode.Success));
            else if (options.OnSessionLoss == SessionLossPolicy.Fail)
                delivery.TrySetException(new MqttDisconnectedException("The server lost the session before it acknowledged the message"));
            else if (!delivery.Task.IsCompleted)
                _waiting.Enqueue(Reset(delivery));
        }

        foreach (var delivery in later)
            _waiting.Enqueue(delivery);
    }

    private static Delivery Reset(Delivery delivery)
    {
        (delivery.State, delivery.IsRepeated) = (DeliveryState.Waiting, false);
        return delivery;
    }

    private void Dispatch()
    {
        if (_outbox is null)
            return;
        while (_unacknowledged.TryPeek(out var delivery) && TrySend(delivery))
            _unacknowledged.Dequeue();
        while (_repeats.TryPeek(out var delivery) && TryRepeat(delivery))
            _repeats.Dequeue();
        while (_repeats.Count == 0 && _quota > 0 && _inFlight.Count < options.EffectiveMaximumInFlight
            && _waiting.TryPeek(out var delivery) && TrySend(delivery))
            _waiting.Dequeue();
    }

    private bool TryRepeat(Delivery delivery)
    {
        if (delivery.State == DeliveryState.Done)
            return true;
        if (delivery.State != DeliveryState.AwaitsPubComp)
            return _quota > 0 && TrySend(delivery);

        // MQTT 5 §4.9 lets PUBREL pass whatever the quota says, and so does this; but Mosquitto counts the exchange it belongs to, and
        // refuses with 0x97 the publish that is one too many. PUBCOMP gives the place back.
        _quota--;
        _outbox!.WriteAck(PacketType.PubRel, delivery.PacketId);
        return true;
    }

    /// <summary>False when it has to wait for room.</summary>
    private bool TrySend(Delivery delivery)
    {
        if (delivery.State == DeliveryState.Done)
            return true;
        var message = delivery.Message;
        if (message.QoS != QoS.AtMostOnce && !delivery.IsRepeated)
            _inFlight.Add(delivery);
        try
        {
            if (Send(message, delivery.PacketId, delivery.IsRepeated) != WriteOutcome.Written)
            {
                if (message.QoS != QoS.AtMostOnce && !delivery.IsRepeated)
                    _inFlight.Remove(delivery);
                return false;
            }
        }
        catch (MqttRefusedException e)
        {
            _inFlight.Remove(delivery);
            delivery.State = DeliveryState.Done;
            delivery.TrySetException(e);
            return true;
        }

        if (message.QoS == QoS.AtMostOnce)
        {
            delivery.TrySetResult(new PublishResult(ReasonCode.Success));
            return true;
        }

        _quota--;
        delivery.State = message.QoS == QoS.AtLeastOnce ? DeliveryState.AwaitsPubAck : DeliveryState.AwaitsPubRec;
        return true;
    }

    private WriteOutcome Send(MqttMessage message, ushort id, bool dup)
    {
        if (message.QoS > _limits.MaximumQoS)
            throw Refusal(ReasonCode.QoSNotSupported);
        if (message.Retain && !_limits.RetainAvailable)
            throw Refusal(ReasonCode.RetainNotSupported);
        var properties = options.Version == MqttVersion.V5 && message.Properties is { } carried ? carried.Encoded : default;
        var outcome = _outbox!.TryPublish(
            new PublishPacket
            {
                Dup = dup,
                QoS = message.QoS,
                Retain = message.Retain,
                Topic = message.Topic.Utf8,
                PacketId = id,
                Properties = PropertyList.FromValidated(properties),
                Payload = message.Payload.Span,
            },
            message.Topic);
        return outcome == WriteOutcome.TooLarge ? throw Refusal(ReasonCode.PacketTooLarge) : outcome;
    }

    private void Finish(Delivery delivery, PublishResult result)
    {
        _inFlight.Remove(delivery);
        delivery.State = DeliveryState.Done;
        _quota = Math.Min(_quota + 1, _limits.ReceiveMaximum);
        delivery.TrySetResult(result);
        Dispatch();
    }

    private static void FailAll(Queue<Delivery> queue, Exception error)
    {
        while (queue.TryDequeue(out var delivery))
        {
            delivery.State = DeliveryState.Done;
            delivery.TrySetException(error);
        }
    }

    private static MqttDisconnectedException NotConnected() => new("The client is not connected.");

    private static MqttRefusedException Refusal(ReasonCode reason) =>
        new(reason, $"The server announced that it would not take this message: {reason}.");
}
