using System.Buffers;
using TelemetryHub.Mqtt.Properties;

namespace TelemetryHub.Mqtt.Packets;

/// <summary>DISCONNECT (§3.14); empty before MQTT 5.</summary>
public readonly ref struct DisconnectPacket
{
    public ReasonCode Reason { get; init; }

    public PropertyList Properties { get; init; }

    public static ProtocolFault TryRead(byte flags, ReadOnlySpan<byte> body, MqttVersion version, out DisconnectPacket packet)
    {
        packet = default;
        if (flags != 0)
            return ProtocolFault.ReservedFlags;

        var reader = new BodyReader(body);
        if (version != MqttVersion.V5 || !reader.TryByte(out var code))
            return reader.AtEnd;
        if (!((ReasonCode)code).IsAllowedIn(PacketType.Disconnect))
            return ProtocolFault.InvalidReasonCode;

        // §3.14.2.2.1: with a remaining length below 2 there are no properties.
        PropertyList properties = default;
        var fault = reader.IsEmpty ? ProtocolFault.None : reader.Properties(PropertyScope.Disconnect, out properties);
        if (fault != ProtocolFault.None)
            return fault;

        packet = new DisconnectPacket { Reason = (ReasonCode)code, Properties = properties };
        return reader.AtEnd;
    }

    /// <summary>Writes the shortest form: reason and properties only where they say something.</summary>
    public void Write(IBufferWriter<byte> output, MqttVersion version)
    {
        var withProperties = version == MqttVersion.V5 && !Properties.IsEmpty;
        var withReason = withProperties || (version == MqttVersion.V5 && Reason != ReasonCode.Success);
        var size = (withReason ? 1 : 0) + (withProperties ? PacketWriter.SizeOf(Properties, version) : 0);
        var writer = new PacketWriter(output, PacketType.Disconnect, 0, size);
        if (withReason)
            writer.Byte((byte)Reason);
        if (withProperties)
            writer.Properties(Properties, version);
        writer.Finish();
    }
}
