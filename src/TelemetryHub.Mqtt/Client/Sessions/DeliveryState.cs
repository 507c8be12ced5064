namespace TelemetryHub.Mqtt.Client.Sessions;

/// <summary>How far a publish is.</summary>
internal enum DeliveryState
{
    /// <summary>Not sent yet.</summary>
    Waiting,

    /// <summary>QoS 1, sent.</summary>
    AwaitsPubAck,

    /// <summary>QoS 2, sent.</summary>
    AwaitsPubRec,

    /// <summary>QoS 2, released: the message itself must not be sent again.</summary>
    AwaitsPubComp,

    /// <summary>Over, well or badly, or not wanted any more.</summary>
    Done,
}
