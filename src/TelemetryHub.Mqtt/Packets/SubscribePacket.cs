using System.Buffers;
using TelemetryHub.Mqtt.Properties;

namespace TelemetryHub.Mqtt.Packets;

/// <summary>SUBSCRIBE (§3.8). A view of the packet's bytes.</summary>
public readonly ref struct SubscribePacket
{
    public ushort PacketId { get; init; }

    public PropertyList Properties { get; init; }

    public SubscriptionEntries Entries { get; init; }

    public static ProtocolFault TryRead(byte flags, ReadOnlySpan<byte> body, MqttVersion version, out SubscribePacket packet)
    {
        packet = default;
        if (!FixedFlags.AreValid(PacketType.Subscribe, flags, version))
            return ProtocolFault.ReservedFlags;

        var reader = new BodyReader(body);
        var fault = reader.PacketId(out var id);
        PropertyList properties = default;
        SubscriptionEntries entries = default;
        if (fault == ProtocolFault.None)
            fault = reader.Properties(version, PropertyScope.Subscribe, out properties);
        if (fault == ProtocolFault.None)
            fault = SubscriptionEntries.TryRead(ref reader, version, out entries);
        if (fault == ProtocolFault.None)
            packet = new SubscribePacket { PacketId = id, Properties = properties, Entries = entries };
        return fault;
    }

    /// <summary>Asks for these filters; at least one. The properties are those of a <see cref="PropertyWriter"/>.</summary>
    public static void Write(
        IBufferWriter<byte> output,
        MqttVersion version,
        ushort id,
        ReadOnlySpan<byte> properties,
        IReadOnlyList<SubscriptionRequest> requests)
    {
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentOutOfRangeException.ThrowIfZero(requests.Count);
        var list = PropertyList.FromValidated(properties);
        var size = 2L + PacketWriter.SizeOf(list, version);
        for (var i = 0; i < requests.Count; i++)
            size += PacketWriter.SizeOf(requests[i].Filter.Utf8) + 1;

        var writer = new PacketWriter(output, PacketType.Subscribe, FixedFlags.Of(PacketType.Subscribe), size);
        writer.UInt16(id);
        writer.Properties(list, version);
        for (var i = 0; i < requests.Count; i++)
        {
            writer.Block(requests[i].Filter.Utf8);
            writer.Byte(OptionsOf(requests[i], version));
        }

        writer.Finish();
    }

    /// <summary>Writes a packet that was read, in the version in which it was read.</summary>
    public void Write(IBufferWriter<byte> output, MqttVersion version)
    {
        var size = 2L + PacketWriter.SizeOf(Properties, version) + Entries.Raw.Length;
        var writer = new PacketWriter(output, PacketType.Subscribe, FixedFlags.Of(PacketType.Subscribe), size);
        writer.UInt16(PacketId);
        writer.Properties(Properties, version);
        writer.Bytes(Entries.Raw);
        writer.Finish();
    }

    private static int OptionsOf(SubscriptionRequest request, MqttVersion version)
    {
        var options = (int)request.QoS;
        if (version != MqttVersion.V5)
            return options;
        return options | (request.NoLocal ? 0x04 : 0) | (request.RetainAsPublished ? 0x08 : 0) | request.RetainHandling << 4;
    }
}
