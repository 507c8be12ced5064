using System.Buffers;
using TelemetryHub.Mqtt.Properties;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Mqtt.Packets;

/// <summary>PUBLISH (§3.3): a message. A view of the packet's bytes.</summary>
public readonly ref struct PublishPacket
{
    private const int DupFlag = 0x08;

    public bool Dup { get; init; }

    public QoS QoS { get; init; }

    public bool Retain { get; init; }

    /// <summary>Empty only in MQTT 5, beside a topic alias.</summary>
    public ReadOnlySpan<byte> Topic { get; init; }

    /// <summary>0 for QoS 0.</summary>
    public ushort PacketId { get; init; }

    public PropertyList Properties { get; init; }

    public ReadOnlySpan<byte> Payload { get; init; }

    public static ProtocolFault TryRead(byte flags, ReadOnlySpan<byte> body, MqttVersion version, out PublishPacket packet)
    {
        packet = default;
        var fault = CheckFlags(flags);
        if (fault != ProtocolFault.None)
            return fault;

        var reader = new BodyReader(body);
        fault = reader.Block(out var topic);
        if (fault != ProtocolFault.None)
            return fault;
        if (!TopicName.IsValid(topic) && !(topic.IsEmpty && version == MqttVersion.V5))
            return NameTopicFault(topic);

        ushort id = 0;
        if ((flags & 0x06) != 0)
            fault = reader.PacketId(out id);
        if (fault != ProtocolFault.None)
            return fault;

        PropertyList properties = default;
        if (version == MqttVersion.V5)
        {
            fault = ReadProperties(ref reader, topic.IsEmpty, out properties);
            if (fault != ProtocolFault.None)
                return fault;
        }

        packet = new PublishPacket
        {
            Dup = (flags & DupFlag) != 0,
            QoS = (QoS)(flags >> 1 & 3),
            Retain = (flags & 1) != 0,
            Topic = topic,
            PacketId = id,
            Properties = properties,
            Payload = reader.Rest,
        };
        return ProtocolFault.None;
    }

    public void Write(IBufferWriter<byte> output, MqttVersion version)
    {
        var idBytes = QoS == QoS.AtMostOnce ? 0 : 2;
        var size = (long)PacketWriter.SizeOf(Topic) + idBytes + PacketWriter.SizeOf(Properties, version) + Payload.Length;
        var flags = (Dup ? DupFlag : 0) | (int)QoS << 1 | (Retain ? 1 : 0);
        var writer = new PacketWriter(output, PacketType.Publish, flags, size);
        writer.Block(Topic);
        if (QoS != QoS.AtMostOnce)
            writer.UInt16(PacketId);
        writer.Properties(Properties, version);
        writer.Bytes(Payload);
        writer.Finish();
    }

    /// <summary>§3.3.1: there is no QoS 3, and nothing was sent before where nothing is acknowledged.</summary>
    internal static ProtocolFault CheckFlags(byte flags) => (flags & 0x0E) switch
    {
        0x06 or 0x0E => ProtocolFault.InvalidQoS,
        DupFlag => ProtocolFault.DupOnQoS0,
        _ => ProtocolFault.None,
    };

    /// <summary>§3.3.2.3.4: without a name there must be an alias.</summary>
    private static ProtocolFault ReadProperties(scoped ref BodyReader reader, bool needsAlias, out PropertyList properties)
    {
        var fault = reader.Properties(PropertyScope.Publish, out properties);
        if (fault == ProtocolFault.None && needsAlias && !properties.TryGetNumber(PropertyId.TopicAlias, out _))
            fault = ProtocolFault.EmptyTopic;
        return fault;
    }

    private static ProtocolFault NameTopicFault(ReadOnlySpan<byte> topic)
    {
        if (topic.IsEmpty)
            return ProtocolFault.EmptyTopic;
        return Utf8Text.IsValid(topic) ? ProtocolFault.InvalidTopicName : ProtocolFault.InvalidUtf8;
    }
}
