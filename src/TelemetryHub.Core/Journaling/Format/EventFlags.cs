namespace TelemetryHub.Core.Journaling.Format;

/// <summary>The first byte of an event. The lowest two bits are the QoS. The numbers are on disk.</summary>
[Flags]
internal enum EventFlags : byte
{
    QoSMask = 0b11,
    Retain = 1 << 2,
    HasProperties = 1 << 3,
    Expires = 1 << 4,
    HasSession = 1 << 5,
}
