using System.Buffers;
using TelemetryHub.Mqtt.Properties;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Mqtt.Packets;

/// <summary>UNSUBSCRIBE (§3.10). A view of the packet's bytes.</summary>
public readonly ref struct UnsubscribePacket
{
    public ushort PacketId { get; init; }

    public PropertyList Properties { get; init; }

    public FilterEntries Entries { get; init; }

    public static ProtocolFault TryRead(byte flags, ReadOnlySpan<byte> body, MqttVersion version, out UnsubscribePacket packet)
    {
        packet = default;
        if (!FixedFlags.AreValid(PacketType.Unsubscribe, flags, version))
            return ProtocolFault.ReservedFlags;

        var reader = new BodyReader(body);
        var fault = reader.PacketId(out var id);
        PropertyList properties = default;
        FilterEntries entries = default;
        if (fault == ProtocolFault.None)
            fault = reader.Properties(version, PropertyScope.Unsubscribe, out properties);
        if (fault == ProtocolFault.None)
            fault = FilterEntries.TryRead(ref reader, out entries);
        if (fault == ProtocolFault.None)
            packet = new UnsubscribePacket { PacketId = id, Properties = properties, Entries = entries };
        return fault;
    }

    /// <summary>Takes these filters back; at least one. The properties are those of a <see cref="PropertyWriter"/>.</summary>
    public static void Write(
        IBufferWriter<byte> output,
        MqttVersion version,
        ushort id,
        ReadOnlySpan<byte> properties,
        IReadOnlyList<TopicFilter> filters)
    {
        ArgumentNullException.ThrowIfNull(filters);
        ArgumentOutOfRangeException.ThrowIfZero(filters.Count);
        var list = PropertyList.FromValidated(properties);
        var size = 2L + PacketWriter.SizeOf(list, version);
        for (var i = 0; i < filters.Count; i++)
            size += PacketWriter.SizeOf(filters[i].Utf8);

        var writer = new PacketWriter(output, PacketType.Unsubscribe, FixedFlags.Of(PacketType.Unsubscribe), size);
        writer.UInt16(id);
        writer.Properties(list, version);
        for (var i = 0; i < filters.Count; i++)
            writer.Block(filters[i].Utf8);
        writer.Finish();
    }

    /// <summary>Writes a packet that was read.</summary>
    public void Write(IBufferWriter<byte> output, MqttVersion version)
    {
        var size = 2L + PacketWriter.SizeOf(Properties, version) + Entries.Raw.Length;
        var writer = new PacketWriter(output, PacketType.Unsubscribe, FixedFlags.Of(PacketType.Unsubscribe), size);
        writer.UInt16(PacketId);
        writer.Properties(Properties, version);
        writer.Bytes(Entries.Raw);
        writer.Finish();
    }
}
