using TelemetryHub.Core.Routing;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Broker.Sessions;

/// <summary>One packet that a session hands to its connection to write: a PUBLISH, or the PUBREL of one that was received.</summary>
internal readonly record struct Outgoing(Delivery Delivery, ushort PacketId, QoS QoS, bool IsDuplicate, bool IsRelease)
{
    /// <summary>PUBREL without a reason.</summary>
    public const int ReleaseBytes = 4;

    /// <summary>At most this many bytes on the wire.</summary>
    public int EncodedBytes(in DeliveryLimits limits) => IsRelease ? ReleaseBytes : limits.EncodedBytes(Delivery);
}
