namespace TelemetryHub.Mqtt.Client.Sessions;

/// <summary>A publish on its way, and the promise to its caller. Owned by <see cref="Publications"/> and guarded by its lock.</summary>
internal sealed class Delivery(MqttMessage message)
    : TaskCompletionSource<PublishResult>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public MqttMessage Message { get; } = message;

    public DeliveryState State { get; set; }

    public ushort PacketId { get; set; }

    /// <summary>Where it stands among all that were ever sent: MQTT 5 §4.6 wants them repeated in that order.</summary>
    public long Order { get; set; }

    /// <summary>It was sent before, on another connection.</summary>
    public bool IsRepeated { get; set; }
}
