using System.Buffers;
using TelemetryHub.Mqtt.Properties;

namespace TelemetryHub.Mqtt.Packets;

/// <summary>CONNACK (§3.2). Before MQTT 5 the reason travels as one of six return codes.</summary>
public readonly ref struct ConnAckPacket
{
    /// <summary>Not in MQTT 3.1, where the byte is reserved.</summary>
    public bool SessionPresent { get; init; }

    public ReasonCode Reason { get; init; }

    public PropertyList Properties { get; init; }

    public static ProtocolFault TryRead(byte flags, ReadOnlySpan<byte> body, MqttVersion version, out ConnAckPacket packet)
    {
        packet = default;
        if (flags != 0)
            return ProtocolFault.ReservedFlags;

        var reader = new BodyReader(body);
        if (!reader.TryByte(out var acknowledge) || !reader.TryByte(out var code))
            return ProtocolFault.Truncated;
        if (acknowledge > 1 && version != MqttVersion.V31)
            return ProtocolFault.ReservedConnAckFlag;

        var reason = (ReasonCode)code;
        var known = version == MqttVersion.V5
            ? reason.IsAllowedIn(PacketType.ConnAck)
            : ReasonCodes.TryFromConnectReturnCode(code, out reason);
        if (!known)
            return ProtocolFault.InvalidReasonCode;

        var present = acknowledge == 1 && version != MqttVersion.V31;
        if (present && reason != ReasonCode.Success)
            return ProtocolFault.SessionPresentOnRefusal;

        var fault = reader.Properties(version, PropertyScope.ConnAck, out var properties);
        if (fault != ProtocolFault.None)
            return fault;

        packet = new ConnAckPacket { SessionPresent = present, Reason = reason, Properties = properties };
        return reader.AtEnd;
    }

    public void Write(IBufferWriter<byte> output, MqttVersion version)
    {
        var writer = new PacketWriter(output, PacketType.ConnAck, 0, 2 + PacketWriter.SizeOf(Properties, version));
        writer.Byte(SessionPresent && version != MqttVersion.V31 ? 1 : 0);
        writer.Byte(version == MqttVersion.V5 ? (byte)Reason : Reason.ToConnectReturnCode());
        writer.Properties(Properties, version);
        writer.Finish();
    }
}
