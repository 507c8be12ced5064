using System.Buffers.Binary;
using TelemetryHub.Mqtt.Packets;

namespace TelemetryHub.Mqtt.Properties;

/// <summary>Cuts single properties off the bytes; what they may contain is <see cref="PropertyReader"/>'s business.</summary>
internal static class PropertyField
{
    public static ProtocolFault TryTake(scoped ref ReadOnlySpan<byte> rest, out Property property)
    {
        property = default;
        var id = rest[0];
        var body = rest[1..];
        var fault = PropertyRules.For(id).Kind switch
        {
            PropertyKind.Byte => TryNumber(body, 1, out property),
            PropertyKind.TwoBytes => TryNumber(body, 2, out property),
            PropertyKind.FourBytes => TryNumber(body, 4, out property),
            PropertyKind.VariableInteger => TryVariable(body, out property),
            PropertyKind.Text or PropertyKind.Binary => TryBlock(body, out property),
            PropertyKind.TextPair => TryPair(body, out property),
            _ => ProtocolFault.UnknownProperty,
        };
        if (fault != ProtocolFault.None)
            return fault;

        var size = 1 + property.Encoded.Length;
        property = new Property
        {
            Id = (PropertyId)id,
            Number = property.Number,
            Bytes = property.Bytes,
            Value = property.Value,
            Encoded = rest[..size],
        };
        rest = rest[size..];
        return ProtocolFault.None;
    }

    private static ProtocolFault TryNumber(ReadOnlySpan<byte> body, int size, out Property property)
    {
        property = default;
        if (body.Length < size)
            return ProtocolFault.MalformedPropertyLength;
        var number = size switch
        {
            1 => body[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(body),
            _ => BinaryPrimitives.ReadUInt32BigEndian(body),
        };
        property = new Property { Number = number, Encoded = body[..size] };
        return ProtocolFault.None;
    }

    private static ProtocolFault TryVariable(ReadOnlySpan<byte> body, out Property property)
    {
        property = default;
        var status = VariableInteger.TryRead(body, out var number, out var size);
        if (status == ReadStatus.NeedMore)
            return ProtocolFault.MalformedPropertyLength;
        if (status == ReadStatus.Malformed || size != VariableInteger.Size(number))
            return ProtocolFault.MalformedVariableInteger;
        property = new Property { Number = number, Encoded = body[..size] };
        return ProtocolFault.None;
    }

    private static ProtocolFault TryBlock(ReadOnlySpan<byte> body, out Property property)
    {
        property = default;
        if (!TryTakeBlock(body, out var bytes))
            return ProtocolFault.MalformedPropertyLength;
        property = new Property { Bytes = bytes, Encoded = body[..(2 + bytes.Length)] };
        return ProtocolFault.None;
    }

    private static ProtocolFault TryPair(ReadOnlySpan<byte> body, out Property property)
    {
        property = default;
        if (!TryTakeBlock(body, out var name) || !TryTakeBlock(body[(2 + name.Length)..], out var value))
            return ProtocolFault.MalformedPropertyLength;
        property = new Property { Bytes = name, Value = value, Encoded = body[..(4 + name.Length + value.Length)] };
        return ProtocolFault.None;
    }

    private static bool TryTakeBlock(ReadOnlySpan<byte> body, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (!BinaryPrimitives.TryReadUInt16BigEndian(body, out var length) || body.Length - 2 < length)
            return false;
        bytes = body.Slice(2, length);
        return true;
    }
}
