using System.Buffers.Binary;

namespace TelemetryHub.Core.Feeds.Encodings.Cbor;

/// <summary>The first bytes of an item (RFC 8949 §3): what it is, and a number that is its value, its length or how many items are in it.</summary>
internal readonly record struct CborHead(byte Major, byte Info, ulong Argument, int Bytes)
{
    public const byte Unsigned = 0;
    public const byte Negative = 1;
    public const byte ByteString = 2;
    public const byte TextString = 3;
    public const byte Array = 4;
    public const byte Map = 5;
    public const byte Tag = 6;
    public const byte Other = 7;

    /// <summary>Ends what has no length (major type 7).</summary>
    public const byte Break = 0xFF;

    private const byte Open = 31;

    /// <summary>Without a length: it lasts until a break.</summary>
    public bool IsOpen => Info == Open;

    /// <summary>What it says to a reader; <see cref="CborKind.End"/> when it is not well-formed.</summary>
    public CborKind Kind => Major switch
    {
        Unsigned or Negative when !IsOpen => CborKind.Whole,
        ByteString when !IsOpen => CborKind.Bytes, // §3.2.3: strings in pieces are not taken, nobody could be given them as one span
        TextString when !IsOpen => CborKind.Text,
        Array => CborKind.Array,
        Map => CborKind.Map,
        Other => Info switch
        {
            20 or 21 => CborKind.Bool,
            22 or 23 => CborKind.Null,
            25 or 26 or 27 => CborKind.Fraction,
            < 24 => CborKind.Simple,
            24 when Argument >= 32 => CborKind.Simple, // §3.3: smaller ones must stand in the first byte
            _ => CborKind.End,
        },
        _ => CborKind.End,
    };

    /// <summary>False when the bytes do not suffice, and for what is reserved.</summary>
    public static bool TryRead(ReadOnlySpan<byte> from, out CborHead head)
    {
        head = default;
        if (from.IsEmpty)
            return false;
        var (major, info) = ((byte)(from[0] >> 5), (byte)(from[0] & 31));
        var argumentBytes = info is >= 24 and <= 27 ? 1 << (info - 24) : 0;
        if (info is >= 28 and < Open || from.Length <= argumentBytes)
            return false;
        var argument = argumentBytes switch
        {
            0 => info,
            1 => from[1],
            2 => BinaryPrimitives.ReadUInt16BigEndian(from[1..]),
            4 => BinaryPrimitives.ReadUInt32BigEndian(from[1..]),
            _ => BinaryPrimitives.ReadUInt64BigEndian(from[1..]),
        };
        head = new CborHead(major, info, argument, 1 + argumentBytes);
        return true;
    }

    /// <summary>Writes a head in its shortest form (§4.2.1) and returns its length, 9 at most.</summary>
    public static int Write(Span<byte> into, byte major, ulong argument)
    {
        var first = (byte)(major << 5);
        switch (argument)
        {
            case < 24:
                into[0] = (byte)(first | (byte)argument);
                return 1;
            case <= byte.MaxValue:
                into[1] = (byte)argument;
                into[0] = (byte)(first | 24);
                return 2;
            case <= ushort.MaxValue:
                BinaryPrimitives.WriteUInt16BigEndian(into[1..], (ushort)argument);
                into[0] = (byte)(first | 25);
                return 3;
            case <= uint.MaxValue:
                BinaryPrimitives.WriteUInt32BigEndian(into[1..], (uint)argument);
                into[0] = (byte)(first | 26);
                return 5;
            default:
                BinaryPrimitives.WriteUInt64BigEndian(into[1..], argument);
                into[0] = (byte)(first | 27);
                return 9;
        }
    }
}
