using System.Buffers;

namespace TelemetryHub.Mqtt.Tests.Packets;

/// <summary>What becomes of a packet that <see cref="AnyPacket"/> has read: nothing, written again, described.</summary>
internal sealed class PacketSink
{
    public static PacketSink Nothing { get; } = new();

    public IBufferWriter<byte>? Rewritten { get; init; }

    public bool Describes { get; init; }

    public string Text { get; private set; } = "";

    public ProtocolFault Take<TPacket>(
        ProtocolFault fault,
        TPacket packet,
        MqttVersion version,
        Action<TPacket, IBufferWriter<byte>, MqttVersion> write,
        Func<TPacket, string> describe)
        where TPacket : allows ref struct
    {
        if (fault != ProtocolFault.None)
            return fault;
        if (Rewritten is not null)
            write(packet, Rewritten, version);
        if (Describes)
            Text = describe(packet);
        return fault;
    }
}
