namespace TelemetryHub.Mqtt.Packets;

/// <summary>The flags in the first byte of every packet but PUBLISH (§2.1.3).</summary>
internal static class FixedFlags
{
    public static int Of(PacketType type) => type is PacketType.PubRel or PacketType.Subscribe or PacketType.Unsubscribe ? 2 : 0;

    /// <summary>MQTT 3.1 §2.1: PUBREL, SUBSCRIBE and UNSUBSCRIBE that are sent again have DUP set.</summary>
    public static bool AreValid(PacketType type, byte flags, MqttVersion version)
    {
        var expected = Of(type);
        return flags == expected || (version == MqttVersion.V31 && expected != 0 && flags == (expected | 0x08));
    }
}
