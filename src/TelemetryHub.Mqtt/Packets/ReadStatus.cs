namespace TelemetryHub.Mqtt.Packets;

/// <summary>What came of reading from bytes that may still be incomplete.</summary>
public enum ReadStatus : byte
{
    Complete,
    NeedMore,
    Malformed,
}
