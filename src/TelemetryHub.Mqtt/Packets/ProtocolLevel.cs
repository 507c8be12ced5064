namespace TelemetryHub.Mqtt.Packets;

/// <summary>Protocol name and level at the head of a CONNECT (§3.1.2.1, §3.1.2.2).</summary>
internal static class ProtocolLevel
{
    public const int BridgeBit = 0x80;

    public static ReadOnlySpan<byte> NameOf(MqttVersion version) => version == MqttVersion.V31 ? "MQIsdp"u8 : "MQTT"u8;

    /// <summary>After a fault the version is the one to answer in.</summary>
    public static ProtocolFault Decide(ReadOnlySpan<byte> name, byte level, out MqttVersion version, out bool isBridge)
    {
        isBridge = level is (int)MqttVersion.V31 + BridgeBit or (int)MqttVersion.V311 + BridgeBit;
        var plain = isBridge ? level & ~BridgeBit : level;
        version = plain switch
        {
            (int)MqttVersion.V31 => MqttVersion.V31,
            <= (int)MqttVersion.V311 => MqttVersion.V311,
            _ => MqttVersion.V5,
        };

        var known = name.SequenceEqual("MQTT"u8) || name.SequenceEqual("MQIsdp"u8);
        if (!known)
            return ProtocolFault.UnsupportedProtocolName;
        return plain == (int)version && name.SequenceEqual(NameOf(version)) ? ProtocolFault.None : ProtocolFault.UnsupportedProtocolVersion;
    }
}
