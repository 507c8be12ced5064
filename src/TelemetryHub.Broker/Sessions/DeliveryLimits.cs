using TelemetryHub.Broker.Connections;
using TelemetryHub.Core.Routing;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Broker.Sessions;

/// <summary>What the connected client can be sent now.</summary>
/// <param name="Version">The protocol it speaks.</param>
/// <param name="MaxPacketBytes">The largest packet it takes.</param>
/// <param name="Now">Milliseconds of Unix time, for message expiry.</param>
internal readonly record struct DeliveryLimits(MqttVersion Version, uint MaxPacketBytes, long Now)
{
    // Fixed header with the longest length, topic length, packet id; in MQTT 5 the property length and an expiry besides.
    private const int HeadBytes = 5 + 2 + 2;
    private const int PropertyHeadBytes = 4 + 5;
    private const int IdentifierBytes = 5;
    private const int AliasBytes = 3;

    /// <summary>Whether the client takes a packet of that size. The estimate decides almost always; near the limit it is computed.</summary>
    public bool Fits(in Delivery delivery) => EncodedBytes(delivery) <= MaxPacketBytes || PublishEncoder.ExactBytes(delivery, this) <= MaxPacketBytes;

    /// <summary>Whether a topic alias may be set: beside the topic it makes the packet longer.</summary>
    public bool FitsWithAlias(in Delivery delivery) => EncodedBytes(delivery) + AliasBytes <= MaxPacketBytes;

    /// <summary>At most this many bytes on the wire.</summary>
    public int EncodedBytes(in Delivery delivery)
    {
        var bytes = HeadBytes + delivery.Event.Topic.Name.Utf8.Length + delivery.Event.Payload.Length;
        if (Version == MqttVersion.V5)
            bytes += PropertyHeadBytes + (delivery.Event.Properties?.Length ?? 0) + (delivery.Route.Identifiers.Length * IdentifierBytes);
        return bytes;
    }
}
