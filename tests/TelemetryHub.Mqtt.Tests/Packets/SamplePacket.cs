using System.Buffers;
using TelemetryHub.Mqtt.Packets;

namespace TelemetryHub.Mqtt.Tests.Packets;

/// <summary>A valid packet as it was meant (text) and as it was written (bytes).</summary>
internal sealed record SamplePacket(PacketType Type, MqttVersion Version, string Text, byte[] Bytes)
{
    public static SamplePacket Of(ConnectPacket packet) => Of(
        PacketType.Connect, packet.Version, packet, static (p, o, _) => p.Write(o), PacketText.Of);

    public static SamplePacket Of(MqttVersion version, ConnAckPacket packet) =>
        Of(PacketType.ConnAck, version, packet, static (p, o, v) => p.Write(o, v), PacketText.Of);

    public static SamplePacket Of(MqttVersion version, PublishPacket packet) =>
        Of(PacketType.Publish, version, packet, static (p, o, v) => p.Write(o, v), PacketText.Of);

    public static SamplePacket Of(MqttVersion version, AckPacket packet) =>
        Of(packet.Type, version, packet, static (p, o, v) => p.Write(o, v), PacketText.Of);

    public static SamplePacket Of<TPacket>(
        PacketType type,
        MqttVersion version,
        TPacket packet,
        Action<TPacket, IBufferWriter<byte>, MqttVersion> write,
        Func<TPacket, string> describe)
        where TPacket : allows ref struct
    {
        var output = new ArrayBufferWriter<byte>();
        write(packet, output, version);
        return new SamplePacket(type, version, describe(packet), output.WrittenSpan.ToArray());
    }

    public override string ToString() => $"{Type} {Version}: {Convert.ToHexString(Bytes)} from {Text}";
}
