using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace TelemetryHub.Mqtt.Properties;

/// <summary>
/// Collects properties for a packet, beginning in the caller's memory and growing through the array pool. What is written is
/// trusted: ids that do not fit the method are bugs and throw. Dispose when the packet is written.
/// </summary>
public ref struct PropertyWriter(Span<byte> initial)
{
    private Span<byte> _buffer = initial;
    private byte[]? _rented;
    private int _written;

    public readonly ReadOnlySpan<byte> Written => _buffer[.._written];

    /// <summary>A numeric property, in the width that the id has on the wire.</summary>
    public void Number(PropertyId id, uint value)
    {
        var target = Reserve(5);
        target[0] = (byte)id;
        switch (PropertyRules.For((byte)id).Kind)
        {
            case PropertyKind.Byte:
                target[1] = checked((byte)value);
                _written += 2;
                break;
            case PropertyKind.TwoBytes:
                BinaryPrimitives.WriteUInt16BigEndian(target[1..], checked((ushort)value));
                _written += 3;
                break;
            case PropertyKind.FourBytes:
                BinaryPrimitives.WriteUInt32BigEndian(target[1..], value);
                _written += 5;
                break;
            case PropertyKind.VariableInteger:
                ArgumentOutOfRangeException.ThrowIfGreaterThan(value, VariableInteger.Max);
                _written += 1 + VariableInteger.Write(target[1..], value);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(id), id, "This property is not a number.");
        }
    }

    /// <summary>A string (UTF-8) or binary property.</summary>
    public void Text(PropertyId id, ReadOnlySpan<byte> value)
    {
        if (PropertyRules.For((byte)id).Kind is not (PropertyKind.Text or PropertyKind.Binary))
            throw new ArgumentOutOfRangeException(nameof(id), id, "This property is neither text nor binary.");
        Reserve(1)[0] = (byte)id;
        _written++;
        Block(value);
    }

    public void Text(PropertyId id, string value) => Text(id, Encoding.UTF8.GetBytes(value));

    public void UserProperty(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Reserve(1)[0] = (byte)PropertyId.UserProperty;
        _written++;
        Block(name);
        Block(value);
    }

    public void UserProperty(string name, string value) => UserProperty(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));

    /// <summary>Properties that are encoded already, as <see cref="Property.Encoded"/> has them.</summary>
    public void Raw(ReadOnlySpan<byte> encoded)
    {
        encoded.CopyTo(Reserve(encoded.Length));
        _written += encoded.Length;
    }

    /// <summary>Gives the pooled memory back; <see cref="Written"/> is empty afterwards.</summary>
    public void Dispose()
    {
        var rented = _rented;
        this = default;
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
    }

    private void Block(ReadOnlySpan<byte> value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Length, Utf8Text.MaxBytes, nameof(value));
        var target = Reserve(2 + value.Length);
        BinaryPrimitives.WriteUInt16BigEndian(target, (ushort)value.Length);
        value.CopyTo(target[2..]);
        _written += 2 + value.Length;
    }

    private Span<byte> Reserve(int bytes)
    {
        if (_buffer.Length - _written < bytes)
            Grow(bytes);
        return _buffer[_written..];
    }

    private void Grow(int bytes)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _written + bytes));
        Written.CopyTo(larger);
        if (_rented is not null)
            ArrayPool<byte>.Shared.Return(_rented);
        _rented = larger;
        _buffer = larger;
    }
}
