using System.Buffers;
using TelemetryHub.Mqtt.Properties;

namespace TelemetryHub.Mqtt.Packets;

/// <summary>SUBACK (§3.9): one reason per filter, in their order. A view of the packet's bytes.</summary>
public readonly ref struct SubAckPacket
{
    public ushort PacketId { get; init; }

    public PropertyList Properties { get; init; }

    /// <summary>A <see cref="ReasonCode"/> each; before MQTT 5 the granted QoS or 0x80.</summary>
    public ReadOnlySpan<byte> Reasons { get; init; }

    public static ProtocolFault TryRead(byte flags, ReadOnlySpan<byte> body, MqttVersion version, out SubAckPacket packet)
    {
        packet = default;
        if (flags != 0)
            return ProtocolFault.ReservedFlags;

        var reader = new BodyReader(body);
        var fault = reader.PacketId(out var id);
        PropertyList properties = default;
        if (fault == ProtocolFault.None)
            fault = reader.Properties(version, PropertyScope.SubAck, out properties);
        if (fault == ProtocolFault.None)
            fault = Check(reader.Rest, version);
        if (fault == ProtocolFault.None)
            packet = new SubAckPacket { PacketId = id, Properties = properties, Reasons = reader.Rest };
        return fault;
    }

    /// <summary>Before MQTT 5 every failure is written as 0x80, the only one there is.</summary>
    public void Write(IBufferWriter<byte> output, MqttVersion version)
    {
        var size = 2L + PacketWriter.SizeOf(Properties, version) + Reasons.Length;
        var writer = new PacketWriter(output, PacketType.SubAck, 0, size);
        writer.UInt16(PacketId);
        writer.Properties(Properties, version);
        foreach (var reason in Reasons)
            writer.Byte(version == MqttVersion.V5 ? reason : Math.Min(reason, (byte)ReasonCode.UnspecifiedError));
        writer.Finish();
    }

    private static ProtocolFault Check(ReadOnlySpan<byte> reasons, MqttVersion version)
    {
        if (reasons.IsEmpty)
            return ProtocolFault.EmptySubscription;
        foreach (var reason in reasons)
        {
            var known = version == MqttVersion.V5 ? ((ReasonCode)reason).IsAllowedIn(PacketType.SubAck) : reason is <= 2 or 0x80;
            if (!known)
                return ProtocolFault.InvalidReasonCode;
        }

        return ProtocolFault.None;
    }
}
