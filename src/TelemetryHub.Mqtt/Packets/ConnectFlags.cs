namespace TelemetryHub.Mqtt.Packets;

/// <summary>The connect flags (§3.1.2.3), as they stand on the wire.</summary>
[Flags]
internal enum ConnectFlags : byte
{
    None = 0,
    Reserved = 0x01,
    CleanStart = 0x02,
    Will = 0x04,
    WillQoS = 0x18,
    WillRetain = 0x20,
    Password = 0x40,
    UserName = 0x80,
}
