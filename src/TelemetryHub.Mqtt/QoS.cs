namespace TelemetryHub.Mqtt;

/// <summary>How hard a message is tried to be delivered.</summary>
public enum QoS : byte
{
    AtMostOnce = 0,
    AtLeastOnce = 1,
    ExactlyOnce = 2,
}
