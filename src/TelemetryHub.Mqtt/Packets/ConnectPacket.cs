using System.Buffers;
using TelemetryHub.Mqtt.Properties;

namespace TelemetryHub.Mqtt.Packets;

/// <summary>CONNECT (§3.1): who a client is and what it asks for. A view of the packet's bytes.</summary>
public readonly ref struct ConnectPacket
{
    public MqttVersion Version { get; init; }

    /// <summary>MQTT 3 only: the upper bit of the level, by which mosquitto's bridges make themselves known.</summary>
    public bool IsBridge { get; init; }

    /// <summary>"Clean session" before MQTT 5.</summary>
    public bool CleanStart { get; init; }

    /// <summary>Seconds; 0 turns it off.</summary>
    public ushort KeepAlive { get; init; }

    public ReadOnlySpan<byte> ClientId { get; init; }

    public bool HasWill { get; init; }

    public QoS WillQoS { get; init; }

    public bool WillRetain { get; init; }

    public PropertyList WillProperties { get; init; }

    public ReadOnlySpan<byte> WillTopic { get; init; }

    public ReadOnlySpan<byte> WillPayload { get; init; }

    public bool HasUserName { get; init; }

    public ReadOnlySpan<byte> UserName { get; init; }

    public bool HasPassword { get; init; }

    public ReadOnlySpan<byte> Password { get; init; }

    public PropertyList Properties { get; init; }

    /// <summary>
    /// After a fault <see cref="Version"/> is still the version in which the client most likely understands a CONNACK; the rest is unset.
    /// </summary>
    public static ProtocolFault TryRead(byte flags, ReadOnlySpan<byte> body, out ConnectPacket packet)
    {
        packet = new ConnectPacket { Version = MqttVersion.V311 };
        return flags == 0 ? new ConnectReader(body).TryRead(out packet) : ProtocolFault.ReservedFlags;
    }

    public void Write(IBufferWriter<byte> output) => ConnectWriter.Write(this, output);
}
