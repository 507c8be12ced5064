namespace TelemetryHub.Core.Feeds.Json;

/// <summary>
/// A walk over a JSON text, token by token. Garbage is not thrown but remembered: <see cref="Failed"/>, and everything after it fails too. UTF-8 is not checked here.
/// </summary>
internal ref struct JsonCursor(ReadOnlySpan<byte> json)
{
    private readonly ReadOnlySpan<byte> _json = json;
    private int _at;
    private int _depth;

    /// <summary>Was something met that is not JSON?</summary>
    public bool Failed { get; private set; }

    /// <summary>Where the next token begins, when <see cref="Peek"/> has been called.</summary>
    public readonly int Position => _at;

    /// <summary>Is the whole text read, and was it JSON so far?</summary>
    public bool IsAtEnd => Peek() == 0 && !Failed && _at == _json.Length;

    /// <summary>The first byte of the next token; 0, which begins none, at the end.</summary>
    public byte Peek()
    {
        while ((uint)_at < (uint)_json.Length)
        {
            var next = _json[_at];
            if (next > ' ' || next is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
                return next;
            _at++;
        }
        return 0;
    }

    /// <summary>What has been read since a position.</summary>
    public readonly ReadOnlySpan<byte> Since(int position) => _json[position.._at];

    /// <summary>
    /// The next member of an object, its value being next; false behind the last one, and when it is not JSON. The first call, with <paramref name="isInside"/> false, enters the object.
    /// </summary>
    public bool NextMember(ref bool isInside, out JsonText name)
    {
        name = default;
        if (!NextItem(ref isInside, (byte)'}'))
            return false;
        name = ReadText();
        return Take((byte)':');
    }

    /// <summary>The same for the elements of an array.</summary>
    public bool NextElement(ref bool isInside) => NextItem(ref isInside, (byte)']');

    /// <summary>A string, which must be next.</summary>
    public JsonText ReadText()
    {
        if (!Take((byte)'"'))
            return default;
        var start = _at;
        var end = JsonTokens.EndOfText(_json, start, out var escaped);
        if (end < 0)
        {
            Fail();
            return default;
        }
        _at = end;
        return new JsonText(_json[start..(end - 1)], escaped);
    }

    /// <summary>A number, true, false or null, which must be next, as it is written.</summary>
    public ReadOnlySpan<byte> ReadBare()
    {
        var first = Peek();
        var end = first switch
        {
            (byte)'t' => JsonTokens.EndOfWord(_json, _at, "true"u8),
            (byte)'f' => JsonTokens.EndOfWord(_json, _at, "false"u8),
            (byte)'n' => JsonTokens.EndOfWord(_json, _at, "null"u8),
            _ => JsonTokens.EndOfNumber(_json, _at),
        };
        if (end < 0)
        {
            Fail();
            return default;
        }
        var bare = _json[_at..end];
        _at = end;
        return bare;
    }

    /// <summary>Reads over the next value, whatever it is. No recursion: one bit per level says whether it is an object.</summary>
    public void Skip()
    {
        var outside = _depth;
        ulong objects = 0;
        while (!Failed)
        {
            switch (Peek())
            {
                case (byte)'{' when Enter((byte)'}'):
                    objects = objects << 1 | 1;
                    ReadName();
                    continue;
                case (byte)'[' when Enter((byte)']'):
                    objects <<= 1;
                    continue;
                case (byte)'{' or (byte)'[':
                    break; // empty, or too deep
                case (byte)'"':
                    ReadText();
                    break;
                default:
                    ReadBare();
                    break;
            }
            if (!ToNextValue(outside, ref objects))
                return;
        }
    }

    // Behind a value: closes what ends here, and stands before the next value then. False when there is none.
    private bool ToNextValue(int outside, ref ulong objects)
    {
        while (_depth > outside && !Failed)
        {
            var isObject = (objects & 1) != 0;
            if (Follows(isObject ? (byte)'}' : (byte)']'))
            {
                if (isObject)
                    ReadName();
                return true;
            }
            objects >>= 1;
        }
        return false;
    }

    private bool NextItem(ref bool isInside, byte close)
    {
        if (isInside)
            return Follows(close);
        isInside = true;
        return Enter(close);
    }

    // Goes into an object or an array; false when nothing is in it, which leaves it again.
    private bool Enter(byte close)
    {
        _at++;
        if (Peek() == close)
        {
            if (_depth == JsonScan.MaxDepth)
                Fail();
            else
                _at++;
            return false;
        }
        if (_depth++ < JsonScan.MaxDepth)
            return true;
        Fail();
        return false;
    }

    // Behind an item: is there another one? Otherwise the object or array ends here.
    private bool Follows(byte close)
    {
        var next = Peek();
        if (next == ',')
        {
            _at++;
            return true;
        }
        if (next == close)
        {
            _at++;
            _depth--;
        }
        else
        {
            Fail();
        }
        return false;
    }

    private void ReadName()
    {
        ReadText();
        Take((byte)':');
    }

    private bool Take(byte expected)
    {
        if (Peek() != expected)
        {
            Fail();
            return false;
        }
        _at++;
        return true;
    }

    private void Fail()
    {
        Failed = true;
        _at = _json.Length;
    }
}
