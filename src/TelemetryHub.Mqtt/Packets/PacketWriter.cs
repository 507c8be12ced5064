using System.Buffers;
using System.Buffers.Binary;
using TelemetryHub.Mqtt.Properties;

namespace TelemetryHub.Mqtt.Packets;

/// <summary>Writes one packet whose size is known into one span of the output: one GetSpan, one Advance.</summary>
internal ref struct PacketWriter
{
    private readonly IBufferWriter<byte> _output;
    private readonly Span<byte> _target;
    private int _position;

    /// <exception cref="ArgumentOutOfRangeException">The body is larger than a packet can be.</exception>
    public PacketWriter(IBufferWriter<byte> output, PacketType type, int flags, long bodyBytes)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bodyBytes, VariableInteger.Max);
        var body = (uint)bodyBytes;
        _output = output;
        _target = output.GetSpan(1 + VariableInteger.Size(body) + (int)body);
        _target[0] = (byte)((int)type << 4 | flags);
        _position = 1 + VariableInteger.Write(_target[1..], body);
    }

    public static int SizeOf(ReadOnlySpan<byte> block) => 2 + block.Length;

    /// <summary>Length prefix and properties; nothing before MQTT 5.</summary>
    public static int SizeOf(PropertyList properties, MqttVersion version) =>
        version == MqttVersion.V5 ? VariableInteger.Size((uint)properties.Raw.Length) + properties.Raw.Length : 0;

    public void Byte(int value) => _target[_position++] = (byte)value;

    public void UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_target[_position..], value);
        _position += 2;
    }

    public void Block(ReadOnlySpan<byte> value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Length, Utf8Text.MaxBytes, nameof(value));
        UInt16((ushort)value.Length);
        Bytes(value);
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        value.CopyTo(_target[_position..]);
        _position += value.Length;
    }

    public void Properties(PropertyList properties, MqttVersion version)
    {
        if (version != MqttVersion.V5)
            return;
        _position += VariableInteger.Write(_target[_position..], (uint)properties.Raw.Length);
        Bytes(properties.Raw);
    }

    public readonly void Finish() => _output.Advance(_position);
}
