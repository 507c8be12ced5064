using System.Buffers;
using TelemetryHub.Broker.Sessions;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Routing;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Packets;
using TelemetryHub.Mqtt.Properties;

namespace TelemetryHub.Broker.Connections;

/// <summary>Writes an event as the PUBLISH that one subscriber gets. Pure: bytes out, nothing else.</summary>
internal static class PublishEncoder
{
    // Enough for expiry, alias and a few identifiers; the writer grows when a message brings many properties of its own.
    private const int PropertyBytes = 256;

    /// <summary>
    /// Writes the packet and returns its size; <paramref name="alias"/> is the alias to send (0 = none), alone when <paramref name="aliasIsKnown"/>.
    /// </summary>
    public static int Write(IBufferWriter<byte> output, in Outgoing outgoing, in DeliveryLimits limits, ushort alias, bool aliasIsKnown)
    {
        var delivery = outgoing.Delivery;
        var @event = delivery.Event;
        var topic = aliasIsKnown ? default : @event.Topic.Name.Utf8;
        if (limits.Version != MqttVersion.V5 || HasNoProperties(delivery, alias))
        {
            Packet(outgoing, topic, default).Write(output, limits.Version);
            return SizeOf(delivery, limits.Version, topic.Length, propertyBytes: 0);
        }
        var properties = new PropertyWriter(stackalloc byte[PropertyBytes]);
        AddProperties(ref properties, delivery, limits.Now, alias);
        Packet(outgoing, topic, PropertyList.FromValidated(properties.Written)).Write(output, limits.Version);
        var bytes = SizeOf(delivery, limits.Version, topic.Length, properties.Written.Length);
        properties.Dispose();
        return bytes;
    }

    /// <summary>The size on the wire without an alias, exactly.</summary>
    public static int ExactBytes(in Delivery delivery, in DeliveryLimits limits)
    {
        var topicBytes = delivery.Event.Topic.Name.Utf8.Length;
        if (limits.Version != MqttVersion.V5)
            return SizeOf(delivery, limits.Version, topicBytes, propertyBytes: 0);
        var properties = new PropertyWriter(stackalloc byte[PropertyBytes]);
        AddProperties(ref properties, delivery, limits.Now, alias: 0);
        var bytes = SizeOf(delivery, limits.Version, topicBytes, properties.Written.Length);
        properties.Dispose();
        return bytes;
    }

    private static int SizeOf(in Delivery delivery, MqttVersion version, int topicBytes, int propertyBytes)
    {
        var body = 2 + topicBytes + (delivery.QoS == QoS.AtMostOnce ? 0 : 2) + delivery.Event.Payload.Length;
        if (version == MqttVersion.V5)
            body += LengthBytes(propertyBytes) + propertyBytes;
        return 1 + LengthBytes(body) + body;
    }

    private static bool HasNoProperties(in Delivery delivery, ushort alias) =>
        alias == 0 && delivery.Event.Properties is null && delivery.Event.ExpiresAt == 0 && delivery.Route.Identifiers.Length == 0;

    private static void AddProperties(ref PropertyWriter properties, in Delivery delivery, long now, ushort alias)
    {
        var @event = delivery.Event;
        if (@event.Properties is { } own)
            properties.Raw(own);
        if (@event.ExpiresAt != 0)
            properties.Number(PropertyId.MessageExpiryInterval, RemainingSeconds(@event, now));
        if (alias != 0)
            properties.Number(PropertyId.TopicAlias, alias);
        foreach (var identifier in delivery.Route.Identifiers)
            properties.Number(PropertyId.SubscriptionIdentifier, identifier);
    }

    // MQTT 5 §3.3.2.3.3: the value received minus the time that it has waited here. Rounded up: what is delivered has not expired.
    private static uint RemainingSeconds(Event @event, long now) => (uint)Math.Max(1, (@event.ExpiresAt - now + 999) / 1000);

    private static PublishPacket Packet(in Outgoing outgoing, ReadOnlySpan<byte> topic, PropertyList properties) => new()
    {
        Dup = outgoing.IsDuplicate,
        QoS = outgoing.QoS,
        Retain = outgoing.Delivery.Retain,
        Topic = topic,
        PacketId = outgoing.PacketId,
        Properties = properties,
        Payload = outgoing.Delivery.Event.Payload,
    };

    private static int LengthBytes(int value) => value < 128 ? 1 : value < 16_384 ? 2 : value < 2_097_152 ? 3 : 4;
}
