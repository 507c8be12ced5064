using TelemetryHub.Core.Log;

namespace TelemetryHub.Core.Journaling.Format;

/// <summary>Walks the records in the body of a state frame, once.</summary>
internal ref struct StateEntries(ReadOnlySpan<byte> body)
{
    private readonly ReadOnlySpan<byte> _body = body;
    private int _at;

    /// <summary>The most that an entry needs beside its record.</summary>
    public const int OverheadBytes = 1 + Varint.MaxBytes;

    public StatePart Part { get; private set; }

    public ReadOnlySpan<byte> Record { get; private set; }

    /// <summary>Whether the walk ended because the rest is not an entry.</summary>
    public bool IsMalformed { get; private set; }

    public bool Read()
    {
        if (_at == _body.Length)
            return false;
        Part = (StatePart)_body[_at++];
        if (!Varint.TryRead(_body, ref _at, out int length) || length > _body.Length - _at)
        {
            IsMalformed = true;
            _at = _body.Length;
            return false;
        }
        Record = _body.Slice(_at, length);
        _at += length;
        return true;
    }

    /// <summary>Writes an entry and returns its length; there must be room for <see cref="OverheadBytes"/> more than the record.</summary>
    public static int Write(Span<byte> to, StatePart part, ReadOnlySpan<byte> record)
    {
        to[0] = (byte)part;
        var at = Varint.Write(to, 1, (uint)record.Length);
        record.CopyTo(to[at..]);
        return at + record.Length;
    }
}
