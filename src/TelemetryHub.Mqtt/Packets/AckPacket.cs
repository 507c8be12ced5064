using System.Buffers;
using TelemetryHub.Mqtt.Properties;

namespace TelemetryHub.Mqtt.Packets;

/// <summary>PUBACK, PUBREC, PUBREL and PUBCOMP (§3.4 to §3.7), which have the same form.</summary>
public readonly ref struct AckPacket
{
    public PacketType Type { get; init; }

    public ushort PacketId { get; init; }

    /// <summary>Always success before MQTT 5.</summary>
    public ReasonCode Reason { get; init; }

    public PropertyList Properties { get; init; }

    public static ProtocolFault TryRead(PacketType type, byte flags, ReadOnlySpan<byte> body, MqttVersion version, out AckPacket packet)
    {
        packet = default;
        if (!FixedFlags.AreValid(type, flags, version))
            return ProtocolFault.ReservedFlags;

        var reader = new BodyReader(body);
        var fault = reader.PacketId(out var id);
        if (fault != ProtocolFault.None)
            return fault;

        var reason = ReasonCode.Success;
        PropertyList properties = default;
        if (version == MqttVersion.V5 && reader.TryByte(out var code))
        {
            reason = (ReasonCode)code;
            if (!reason.IsAllowedIn(type))
                return ProtocolFault.InvalidReasonCode;

            // §3.4.2.2.1: the property length is left out when there is nothing behind the reason.
            if (!reader.IsEmpty)
                fault = reader.Properties((PropertyScope)type, out properties);
            if (fault != ProtocolFault.None)
                return fault;
        }

        packet = new AckPacket { Type = type, PacketId = id, Reason = reason, Properties = properties };
        return reader.AtEnd;
    }

    /// <summary>Writes the shortest form: reason and properties only where they say something.</summary>
    public void Write(IBufferWriter<byte> output, MqttVersion version)
    {
        var withProperties = version == MqttVersion.V5 && !Properties.IsEmpty;
        var withReason = withProperties || (version == MqttVersion.V5 && Reason != ReasonCode.Success);
        var size = 2 + (withReason ? 1 : 0) + (withProperties ? PacketWriter.SizeOf(Properties, version) : 0);
        var writer = new PacketWriter(output, Type, FixedFlags.Of(Type), size);
        writer.UInt16(PacketId);
        if (withReason)
            writer.Byte((byte)Reason);
        if (withProperties)
            writer.Properties(Properties, version);
        writer.Finish();
    }
}
