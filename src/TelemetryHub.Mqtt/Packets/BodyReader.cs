using System.Buffers.Binary;
using TelemetryHub.Mqtt.Properties;

namespace TelemetryHub.Mqtt.Packets;

/// <summary>Takes fields off the body of a packet. Every method leaves the reader usable, whatever it returns.</summary>
internal ref struct BodyReader(ReadOnlySpan<byte> body)
{
    private ReadOnlySpan<byte> _rest = body;

    public readonly ReadOnlySpan<byte> Rest => _rest;

    public readonly bool IsEmpty => _rest.IsEmpty;

    public readonly ProtocolFault AtEnd => _rest.IsEmpty ? ProtocolFault.None : ProtocolFault.TrailingBytes;

    public bool TryByte(out byte value)
    {
        value = _rest.IsEmpty ? (byte)0 : _rest[0];
        if (_rest.IsEmpty)
            return false;
        _rest = _rest[1..];
        return true;
    }

    public bool TryUInt16(out ushort value)
    {
        if (!BinaryPrimitives.TryReadUInt16BigEndian(_rest, out value))
            return false;
        _rest = _rest[2..];
        return true;
    }

    /// <summary>A block of bytes after its two-byte length.</summary>
    public ProtocolFault Block(out ReadOnlySpan<byte> value)
    {
        value = default;
        var rest = _rest;
        if (!BinaryPrimitives.TryReadUInt16BigEndian(rest, out var length) || rest.Length - 2 < length)
            return ProtocolFault.Truncated;
        value = rest.Slice(2, length);
        _rest = rest[(2 + length)..];
        return ProtocolFault.None;
    }

    /// <summary>A block that must be UTF-8 text.</summary>
    public ProtocolFault Text(out ReadOnlySpan<byte> value)
    {
        var fault = Block(out value);
        if (fault == ProtocolFault.None && !Utf8Text.IsValid(value))
            fault = ProtocolFault.InvalidUtf8;
        return fault;
    }

    /// <summary>§2.2.1: a packet id is never 0.</summary>
    public ProtocolFault PacketId(out ushort id)
    {
        if (!TryUInt16(out id))
            return ProtocolFault.Truncated;
        return id == 0 ? ProtocolFault.PacketIdZero : ProtocolFault.None;
    }

    public ProtocolFault Properties(PropertyScope scope, out PropertyList list) => PropertyReader.TryRead(ref _rest, scope, out list);

    /// <summary>Nothing before MQTT 5.</summary>
    public ProtocolFault Properties(MqttVersion version, PropertyScope scope, out PropertyList list)
    {
        list = default;
        return version == MqttVersion.V5 ? Properties(scope, out list) : ProtocolFault.None;
    }
}
