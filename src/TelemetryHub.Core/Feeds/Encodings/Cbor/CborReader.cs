using System.Runtime.CompilerServices;
using System.Text.Unicode;

namespace TelemetryHub.Core.Feeds.Encodings.Cbor;

/// <summary>
/// Reads a sequence of CBOR items (RFC 8949, RFC 8742) from somebody whom nobody trusts: it never throws, never recurses, and reads no byte twice. Tags are passed over.
/// Strings in pieces (§3.2.3) are not taken.
/// </summary>
/// <remarks>
/// Each <c>TryRead</c> reads the next item when it is of that kind; otherwise it answers false and the item stays. When what came is not well-formed,
/// <see cref="IsBroken"/> is set and nothing more comes. A copy is a bookmark.
/// </remarks>
/// <param name="data">The items.</param>
public ref struct CborReader(ReadOnlySpan<byte> data)
{
    /// <summary>How many maps and arrays may be in each other.</summary>
    public const int MaxDepth = 16;

    // What an open map or array still has to come: how many items, or, when it lasts until a break, what of a pair is next.
    private const long UntilBreak = -1;
    private const long KeyUntilBreak = -2;
    private const long ValueUntilBreak = -3;

    private ReadOnlySpan<byte> _rest = data;
    private Expected _expected;
    private int _depth;

    /// <summary>What was read so far was well-formed, what comes next is not.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>What comes next in the map or array that is being read, or outside of all.</summary>
    public CborKind Peek() => TryPeek(out var head) ? head.Kind : CborKind.End;

    /// <summary>Is there another item in the map or array that is being read? When there is not, it is left: what follows belongs to what is around it.</summary>
    public bool MoveNext()
    {
        if (Peek() != CborKind.End)
            return true;
        if (_depth > 0 && _expected[--_depth] < 0)
            _rest = _rest[1..];
        return false;
    }

    /// <summary>A map: what follows, until <see cref="MoveNext"/> answers false, are its keys and values in turn.</summary>
    public bool TryReadMap() => TryEnter(CborKind.Map);

    /// <summary>An array: what follows, until <see cref="MoveNext"/> answers false, are its items.</summary>
    public bool TryReadArray() => TryEnter(CborKind.Array);

    /// <summary>Well-formed text.</summary>
    public bool TryReadText(out ReadOnlySpan<byte> utf8)
    {
        if (!TryReadString(CborKind.Text, out utf8))
            return false;
        if (Utf8.IsValid(utf8))
            return true;
        utf8 = default;
        return Break();
    }

    /// <summary>Bytes.</summary>
    public bool TryReadBytes(out ReadOnlySpan<byte> bytes) => TryReadString(CborKind.Bytes, out bytes);

    /// <summary>A whole number; one that does not fit stays.</summary>
    public bool TryReadInteger(out long number)
    {
        number = 0;
        if (!TryPeek(out var head) || head.Kind != CborKind.Whole || head.Argument > long.MaxValue)
            return false;
        number = head.Major == CborHead.Unsigned ? (long)head.Argument : ~(long)head.Argument;
        Take(head.Bytes);
        return true;
    }

    /// <summary>Any number.</summary>
    public bool TryReadNumber(out double number)
    {
        number = 0;
        if (!TryPeek(out var head) || head.Kind is not (CborKind.Whole or CborKind.Fraction))
            return false;
        number = (head.Major, head.Bytes) switch
        {
            (CborHead.Unsigned, _) => head.Argument,
            (CborHead.Negative, _) => -1.0 - head.Argument,
            (_, 3) => (double)BitConverter.UInt16BitsToHalf((ushort)head.Argument),
            (_, 5) => BitConverter.UInt32BitsToSingle((uint)head.Argument),
            _ => BitConverter.UInt64BitsToDouble(head.Argument),
        };
        Take(head.Bytes);
        return true;
    }

    /// <summary>True or false.</summary>
    public bool TryReadBool(out bool value)
    {
        value = TryPeek(out var head) && head is { Kind: CborKind.Bool, Info: 21 };
        return TryTake(CborKind.Bool);
    }

    /// <summary>Null or undefined.</summary>
    public bool TryReadNull() => TryTake(CborKind.Null);

    /// <summary>Passes over an item with everything in it. False when there is none, or it is broken.</summary>
    public bool TrySkip()
    {
        var around = _depth;
        do
        {
            if (_depth > around && !MoveNext())
                continue;
            if (!TrySkipOne())
                return false;
        }
        while (_depth > around);
        return !IsBroken;
    }

    private bool TrySkipOne() => Peek() switch
    {
        CborKind.End => false,
        CborKind.Array => TryReadArray(),
        CborKind.Map => TryReadMap(),
        CborKind.Bytes => TryReadBytes(out _),
        CborKind.Text => TryReadText(out _),
        var other => TryTake(other),
    };

    private bool TryTake(CborKind kind)
    {
        if (!TryPeek(out var head) || head.Kind != kind)
            return false;
        Take(head.Bytes);
        return true;
    }

    private bool TryEnter(CborKind kind)
    {
        if (!TryPeek(out var head) || head.Kind != kind)
            return false;
        Take(head.Bytes);
        var bytesPerEntry = kind == CborKind.Map ? 2 : 1;
        // An entry has a byte at least: what claims to have more entries than that is not believed.
        if (_depth == MaxDepth || (!head.IsOpen && head.Argument > (ulong)(_rest.Length / bytesPerEntry)))
            return Break();
        _expected[_depth++] = !head.IsOpen ? (long)head.Argument * bytesPerEntry : kind == CborKind.Map ? KeyUntilBreak : UntilBreak;
        return true;
    }

    private bool TryReadString(CborKind kind, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (!TryPeek(out var head) || head.Kind != kind)
            return false;
        if (head.Argument > (ulong)(_rest.Length - head.Bytes))
            return Break();
        bytes = _rest.Slice(head.Bytes, (int)head.Argument);
        Take(head.Bytes + bytes.Length);
        return true;
    }

    // False: nothing more here, or broken.
    private bool TryPeek(out CborHead head)
    {
        head = default;
        var expected = _depth > 0 ? _expected[_depth - 1] : UntilBreak;
        if (expected == 0 || (_depth == 0 && _rest.IsEmpty))
            return false;
        if (_depth > 0 && expected < 0 && _rest is [CborHead.Break, ..])
            return expected == ValueUntilBreak && Break();
        while (CborHead.TryRead(_rest, out head))
        {
            if (head is { Major: CborHead.Tag, IsOpen: false })
                _rest = _rest[head.Bytes..];
            else
                return head.Kind != CborKind.End || Break();
        }
        return Break();
    }

    private void Take(int bytes)
    {
        _rest = _rest[bytes..];
        if (_depth == 0)
            return;
        ref var expected = ref _expected[_depth - 1];
        expected = expected switch
        {
            UntilBreak => UntilBreak,
            KeyUntilBreak => ValueUntilBreak,
            ValueUntilBreak => KeyUntilBreak,
            _ => expected - 1,
        };
    }

    // Always false, for its callers to return.
    private bool Break()
    {
        IsBroken = true;
        _rest = default;
        _depth = 0;
        return false;
    }

    [InlineArray(MaxDepth)]
    private struct Expected
    {
        private long _first;
    }
}
