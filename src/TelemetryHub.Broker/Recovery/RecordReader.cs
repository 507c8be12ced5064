using System.Text;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Broker.Recovery;

/// <summary>
/// Reads what <see cref="RecordWriter"/> wrote. Whatever the bytes are, the only thing that happens is <see cref="InvalidDataException"/>.
/// </summary>
internal ref struct RecordReader(ReadOnlySpan<byte> record)
{
    // Strict: what is not UTF-8 was not written here.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> _rest = record;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>What has not been read, without reading it.</summary>
    public readonly ReadOnlySpan<byte> Remaining => _rest;

    public static InvalidDataException Malformed(string what) => new($"A session record is malformed: {what}.");

    public byte Byte()
    {
        if (_rest.IsEmpty)
            throw Malformed("it ends too early");
        var value = _rest[0];
        _rest = _rest[1..];
        return value;
    }

    /// <summary>A number of 63 bits: none of ours is negative.</summary>
    public long Number()
    {
        if (_rest.Length > 0 && _rest[0] < 0x80)
            return Byte();
        var value = 0UL;
        for (var shift = 0; shift < 63; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return (long)value;
        }
        throw Malformed("a number is too large");
    }

    public uint SmallNumber()
    {
        var value = Number();
        return value <= uint.MaxValue ? (uint)value : throw Malformed("a number is too large");
    }

    /// <summary>The number of a session: not zero, which means none.</summary>
    public uint SessionNumber() => SmallNumber() is > 0 and var number ? number : throw Malformed("session 0");

    /// <summary>An ordinal; one more must still be a number.</summary>
    public long Ordinal() => Number() is < long.MaxValue and var ordinal ? ordinal : throw Malformed("an ordinal is too large");

    /// <summary>A byte in which no bit above these is set.</summary>
    public int Flags(int highest)
    {
        var flags = Byte();
        return flags < highest << 1 ? flags : throw Malformed("an unknown flag");
    }

    public ReadOnlySpan<byte> Block()
    {
        var length = Number();
        if (length > _rest.Length)
            throw Malformed("a length goes beyond its end");
        var block = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return block;
    }

    public string Text()
    {
        try
        {
            return Utf8.GetString(Block());
        }
        catch (DecoderFallbackException)
        {
            throw Malformed("a text is not UTF-8");
        }
    }

    /// <summary>Everything up to the end.</summary>
    public ReadOnlySpan<byte> Rest()
    {
        var rest = _rest;
        _rest = default;
        return rest;
    }

    public readonly void End()
    {
        if (!_rest.IsEmpty)
            throw Malformed("it goes on behind its end");
    }

    public static QoS QoSOf(int flags) => (flags & 3) is var qos and < 3 ? (QoS)qos : throw Malformed("a QoS of 3");
}
