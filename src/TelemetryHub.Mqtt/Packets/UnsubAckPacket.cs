using System.Buffers;
using TelemetryHub.Mqtt.Properties;

namespace TelemetryHub.Mqtt.Packets;

/// <summary>UNSUBACK (§3.11): in MQTT 5 one reason per filter, in their order. A view of the packet's bytes.</summary>
public readonly ref struct UnsubAckPacket
{
    public ushort PacketId { get; init; }

    public PropertyList Properties { get; init; }

    /// <summary>A <see cref="ReasonCode"/> each; empty before MQTT 5.</summary>
    public ReadOnlySpan<byte> Reasons { get; init; }

    public static ProtocolFault TryRead(byte flags, ReadOnlySpan<byte> body, MqttVersion version, out UnsubAckPacket packet)
    {
        packet = default;
        if (flags != 0)
            return ProtocolFault.ReservedFlags;

        var reader = new BodyReader(body);
        var fault = reader.PacketId(out var id);
        PropertyList properties = default;
        if (fault == ProtocolFault.None)
            fault = reader.Properties(version, PropertyScope.UnsubAck, out properties);
        if (fault == ProtocolFault.None)
            fault = version == MqttVersion.V5 ? Check(reader.Rest) : reader.AtEnd;
        if (fault == ProtocolFault.None)
            packet = new UnsubAckPacket { PacketId = id, Properties = properties, Reasons = reader.Rest };
        return fault;
    }

    public void Write(IBufferWriter<byte> output, MqttVersion version)
    {
        var reasons = version == MqttVersion.V5 ? Reasons : default;
        var size = 2L + PacketWriter.SizeOf(Properties, version) + reasons.Length;
        var writer = new PacketWriter(output, PacketType.UnsubAck, 0, size);
        writer.UInt16(PacketId);
        writer.Properties(Properties, version);
        writer.Bytes(reasons);
        writer.Finish();
    }

    private static ProtocolFault Check(ReadOnlySpan<byte> reasons)
    {
        if (reasons.IsEmpty)
            return ProtocolFault.EmptySubscription;
        foreach (var reason in reasons)
        {
            if (!((ReasonCode)reason).IsAllowedIn(PacketType.UnsubAck))
                return ProtocolFault.InvalidReasonCode;
        }

        return ProtocolFault.None;
    }
}
