using System.Buffers;
using TelemetryHub.Mqtt.Properties;

namespace TelemetryHub.Mqtt.Packets;

/// <summary>AUTH (§3.15), MQTT 5 only: a step of an authentication that takes several.</summary>
public readonly ref struct AuthPacket
{
    public ReasonCode Reason { get; init; }

    public PropertyList Properties { get; init; }

    public static ProtocolFault TryRead(byte flags, ReadOnlySpan<byte> body, MqttVersion version, out AuthPacket packet)
    {
        packet = default;

        // Before MQTT 5 type 15 is reserved.
        if (version != MqttVersion.V5)
            return ProtocolFault.UnknownPacketType;
        if (flags != 0)
            return ProtocolFault.ReservedFlags;

        // §3.15.2.1: success without properties may be left out altogether.
        var reader = new BodyReader(body);
        if (!reader.TryByte(out var code))
            return ProtocolFault.None;
        var reason = (ReasonCode)code;
        if (!reason.IsAllowedIn(PacketType.Auth))
            return ProtocolFault.InvalidReasonCode;

        var fault = reader.Properties(PropertyScope.Auth, out var properties);
        if (fault != ProtocolFault.None)
            return fault;

        // §3.15.2.2.2: the method belongs to every step; only a success that is said in full may lack it as its short form does.
        if (reason != ReasonCode.Success && !properties.TryGetBytes(PropertyId.AuthenticationMethod, out _))
            return ProtocolFault.AuthMethodMissing;

        packet = new AuthPacket { Reason = reason, Properties = properties };
        return reader.AtEnd;
    }

    /// <exception cref="NotSupportedException">The version has no AUTH.</exception>
    public void Write(IBufferWriter<byte> output, MqttVersion version)
    {
        if (version != MqttVersion.V5)
            throw new NotSupportedException("There is no AUTH before MQTT 5.");

        var isShort = Reason == ReasonCode.Success && Properties.IsEmpty;
        var writer = new PacketWriter(output, PacketType.Auth, 0, isShort ? 0 : 1 + PacketWriter.SizeOf(Properties, version));
        if (!isShort)
        {
            writer.Byte((byte)Reason);
            writer.Properties(Properties, version);
        }

        writer.Finish();
    }
}
