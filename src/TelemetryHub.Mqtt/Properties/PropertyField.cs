using System.Buffers.Binary;
using TelemetryHub.Mqtt.Packets;

namespace TelemetryHub.Mqtt.Properties;

/// <summary>Cuts single properties off the bytes; what they may contain is <see cref="PropertyReader"/>'s business.</summary>
internal static class PropertyField
{
    // What the methods below return instead of a size.
    private const int Cut = -1;
    private const int IllFormed = -2;

    /// <summary>There must be at least one byte. After a fault nothing is taken.</summary>
    public static ProtocolFault TryTake(scoped ref ReadOnlySpan<byte> rest, out Property property)
    {
        var id = rest[0];
        var kind = PropertyRules.For(id).Kind;
        var size = SizeOf(kind, rest[1..], out var number, out var bytes, out var value);
        if (kind == PropertyKind.None || size < 0)
        {
            property = default;
            if (kind == PropertyKind.None)
                return ProtocolFault.UnknownProperty;
            return size == Cut ? ProtocolFault.MalformedPropertyLength : ProtocolFault.MalformedVariableInteger;
        }

        property = new Property { Id = (PropertyId)id, Number = number, Bytes = bytes, Value = value, Encoded = rest[..(1 + size)] };
        rest = rest[(1 + size)..];
        return ProtocolFault.None;
    }

    private static int SizeOf(
        PropertyKind kind, ReadOnlySpan<byte> body, out uint number, out ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> value)
    {
        number = 0;
        bytes = value = default;
        switch (kind)
        {
            case PropertyKind.Byte:
                number = body.IsEmpty ? 0u : body[0];
                return body.IsEmpty ? Cut : 1;
            case PropertyKind.TwoBytes:
                var fits = BinaryPrimitives.TryReadUInt16BigEndian(body, out var two);
                number = two;
                return fits ? 2 : Cut;
            case PropertyKind.FourBytes:
                return BinaryPrimitives.TryReadUInt32BigEndian(body, out number) ? 4 : Cut;
            case PropertyKind.VariableInteger:
                return VariableSize(body, out number);
            case PropertyKind.TextPair:
                return TryBlock(body, out bytes) && TryBlock(body[(2 + bytes.Length)..], out value) ? 4 + bytes.Length + value.Length : Cut;
            default:
                return TryBlock(body, out bytes) ? 2 + bytes.Length : Cut;
        }
    }

    /// <summary>§1.5.5: the encoded value must use the minimum number of bytes.</summary>
    private static int VariableSize(ReadOnlySpan<byte> body, out uint number)
    {
        var status = VariableInteger.TryRead(body, out number, out var size);
        if (status == ReadStatus.NeedMore)
            return Cut;
        return status == ReadStatus.Complete && size == VariableInteger.Size(number) ? size : IllFormed;
    }

    private static bool TryBlock(ReadOnlySpan<byte> body, out ReadOnlySpan<byte> bytes)
    {
        var fits = BinaryPrimitives.TryReadUInt16BigEndian(body, out var length) && body.Length - 2 >= length;
        bytes = fits ? body.Slice(2, length) : default;
        return fits;
    }
}
