namespace TelemetryHub.Mqtt.Client.Sessions;

/// <summary>A publish on its way, and the promise to its caller. Owned by <see cref="Publications"/> and guarded by its lock.</summary>
internal sealed class Delivery(MqttMessage message)
    : TaskCompletionSource<PublishResult>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public MqttMessage Message { get; private set; } = message;

    public DeliveryState State { get; set; }

    /// <summary>0 for QoS 0.</summary>
    public ushort PacketId { get; set; }

    /// <summary>Where it stands among all that were ever sent: MQTT 5 §4.6 wants them repeated in that order.</summary>
    public long Order { get; set; }

    /// <summary>It was sent before, on another connection.</summary>
    public bool IsRepeated { get; set; }

    /// <summary>Ends the promise well or badly; nothing more is to be sent.</summary>
    public void Complete(PublishResult result)
    {
        State = DeliveryState.Done;
        TrySetResult(result);
    }

    /// <inheritdoc cref="Complete"/>
    public void Fail(Exception error)
    {
        State = DeliveryState.Done;
        TrySetException(error);
    }

    /// <summary>
    /// The caller stops waiting. What was not sent is not sent any more; the rest is seen through, with a payload of its own: the caller may
    /// use the memory for something else now.
    /// </summary>
    public void Abandon()
    {
        if (State == DeliveryState.Waiting)
            State = DeliveryState.Done;
        else if (State != DeliveryState.Done)
            Message = Message with { Payload = Message.Payload.ToArray() };
    }
}
