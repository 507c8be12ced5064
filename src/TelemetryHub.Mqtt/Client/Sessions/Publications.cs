using TelemetryHub.Mqtt.Client.Connections;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Mqtt.Client.Sessions;

/// <summary>
/// Everything this client publishes: what waits, what is in flight, and what has to be repeated on the next connection. Lives as long
/// as the client. May call into the <see cref="Outbox"/> under its lock, never the other way round.
/// </summary>
internal sealed class Publications(MqttClientOptions options)
{
    private readonly Lock _gate = new(); // guards all fields
    private readonly DeliveryQueues _queues = new(options.EffectiveMaximumInFlight);
    private Outlet? _outlet;
    private bool _accepting; // from a connect until it is known that no other connection will come by itself

    private InFlight InFlight => _queues.InFlight;

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
            if (!_accepting || (message.QoS == QoS.AtMostOnce && _outlet is null))
                return ValueTask.FromException<PublishResult>(NotConnected());
            if (message.QoS == QoS.AtMostOnce && !_queues.HasUnacknowledged && TrySendAtOnce(message, out var refusal))
                return refusal is null
                    ? ValueTask.FromResult(new PublishResult(ReasonCode.Success))
                    : ValueTask.FromException<PublishResult>(refusal);
            delivery = new Delivery(message);
            _queues.Enqueue(delivery);
            _queues.Dispatch();
        }

        return cancellationToken.CanBeCanceled ? WaitAsync(delivery, cancellationToken) : new ValueTask<PublishResult>(delivery.Task);
    }

    /// <summary>QoS 0 without a promise: false when there is no room or no connection.</summary>
    public bool TryPublish(TopicName topic, ReadOnlySpan<byte> payload, bool retain) =>
        Volatile.Read(ref _outlet) is { } outlet && outlet.Send(topic, payload, retain) == WriteOutcome.Written;

    /// <summary>A connection is there: repeats what the server has not finished with, or starts it anew where the server forgot it.</summary>
    public void Attach(Outlet outlet, bool resumesSession)
    {
        lock (_gate)
        {
            _accepting = true;
            if (!resumesSession)
                ForgetSession();
            _queues.Open(outlet, repeatsInFlight: resumesSession);
            Volatile.Write(ref _outlet, outlet);
            _queues.Dispatch();
        }
    }

    /// <summary>The connection is gone and another may be on its way.</summary>
    public void Detach(ConnectionEnd end)
    {
        lock (_gate)
        {
            Volatile.Write(ref _outlet, null);
            _queues.Close(new MqttDisconnectedException("The connection was lost", end));
        }
    }

    /// <summary>No other connection will come by itself. What is in flight stays known: the server's session may know it, too.</summary>
    public void Stop(ConnectionEnd end)
    {
        lock (_gate)
        {
            Volatile.Write(ref _outlet, null);
            _accepting = false;
            var error = new MqttDisconnectedException("The connection ended", end);
            _queues.Close(error);
            _queues.FailWaiting(error);
            foreach (var delivery in InFlight.InOrder())
            {
                delivery.Abandon();
                delivery.TrySetException(error);
            }
        }
    }

    /// <summary>There may be room again.</summary>
    public void OnRoom()
    {
        lock (_gate)
            _queues.Dispatch();
    }

    public void OnPubAck(ushort packetId, PublishResult result)
    {
        lock (_gate)
        {
            if (InFlight.Find(packetId, DeliveryState.AwaitsPubAck) is { } delivery)
                _queues.Finish(delivery, result);
        }
    }

    public void OnPubRec(ushort packetId, PublishResult result)
    {
        lock (_gate)
        {
            if (InFlight.Find(packetId, DeliveryState.AwaitsPubRec) is { } delivery)
            {
                if (!result.IsSuccess)
                {
                    _queues.Finish(delivery, result); // MQTT 5 §4.3.3: a refusing PUBREC ends the exchange
                    return;
                }

                delivery.State = DeliveryState.AwaitsPubComp;
                _outlet?.Release(packetId);
            }
            else if (result.IsSuccess)
            {
                // Said again, or about an id that is not ours: the latter lets the server forget it, too.
                var isKnown = InFlight.Find(packetId, DeliveryState.AwaitsPubComp) is not null;
                _outlet?.Release(packetId, isKnown ? ReasonCode.Success : ReasonCode.PacketIdentifierNotFound);
            }
        }
    }

    public void OnPubComp(ushort packetId, PublishResult result)
    {
        lock (_gate)
        {
            if (InFlight.Find(packetId, DeliveryState.AwaitsPubComp) is { } delivery)
                _queues.Finish(delivery, result);
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
                delivery.Abandon();
            throw;
        }
    }

    /// <summary>QoS 0 with room left costs no delivery. False when there is none.</summary>
    private bool TrySendAtOnce(MqttMessage message, out MqttRefusedException? refusal)
    {
        refusal = null;
        try
        {
            return _outlet!.Send(message, id: 0, dup: false) == WriteOutcome.Written;
        }
        catch (MqttRefusedException e)
        {
            refusal = e;
            return true;
        }
    }

    private void ForgetSession()
    {
        var lost = InFlight.InOrder();
        InFlight.Clear();
        var again = new List<Delivery>();
        foreach (var delivery in lost)
        {
            if (delivery.Task.IsCompleted)
                delivery.State = DeliveryState.Done; // nobody waits for it any more
            else if (delivery.State == DeliveryState.AwaitsPubComp)
                delivery.Complete(new PublishResult(ReasonCode.Success));
            else if (options.OnSessionLoss == SessionLossPolicy.Fail)
                delivery.Fail(new MqttDisconnectedException("The server lost the session before it acknowledged the message."));
            else
                again.Add(delivery);
        }

        _queues.StartAnew(again);
    }

    private static MqttDisconnectedException NotConnected() => new("The client is not connected.");
}
