using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace TelemetryHub.Server.Feeds.Polling;

/// <summary>
/// What one answer carries: the items of a reader, written as lines of JSON, as the elements of an array. Cursors are left out: the answer has one of its own.
/// </summary>
/// <param name="limit">The most elements.</param>
/// <param name="budget">Told what is held, until it is disposed of.</param>
internal sealed class PollItems(int limit, PollBudget budget) : IBufferWriter<byte>, IDisposable
{
    private const int InitialBytes = 1024;

    private readonly ArrayBufferWriter<byte> _lines = new(InitialBytes);
    private int _seen; // bytes that have been looked at, up to the end of a line
    private int _end; // of the last line that is taken
    private int _held; // as the budget was told

    /// <summary>How many elements there are.</summary>
    public int Count { get; private set; }

    /// <summary>How many bytes they have.</summary>
    public int Bytes => _end;

    /// <summary>There was one more than may be: what is behind the last element has to be asked for.</summary>
    public bool IsCut { get; private set; }

    /// <summary>The bytes of the elements, with a comma between them.</summary>
    public ReadOnlyMemory<byte> Elements => _end == 0 ? default : _lines.WrittenMemory[..(_end - 1)];

    /// <summary>The cursor behind the last element; null when it has none, because it is a farewell.</summary>
    public string? LastCursor { get; private set; }

    /// <summary>Looks at what was written since the last call.</summary>
    public void Look()
    {
        Hold(_lines.WrittenCount);
        // Moved together where they are: the memory is our own.
        var bytes = MemoryMarshal.AsMemory(_lines.WrittenMemory).Span;
        while (!IsCut && bytes[_seen..].IndexOf((byte)'\n') is >= 0 and var length)
        {
            var line = bytes.Slice(_seen, length + 1);
            _seen += line.Length;
            if (line.StartsWith("{\"type\":\"cursor\""u8))
                continue;
            if (IsCut = Count == limit)
                return;
            LastCursor = CursorOf(line);
            line.CopyTo(bytes[_end..]);
            _end += line.Length;
            bytes[_end - 1] = (byte)',';
            Count++;
        }
    }

    public void Advance(int count) => _lines.Advance(count);

    public Memory<byte> GetMemory(int sizeHint = 0) => _lines.GetMemory(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => _lines.GetSpan(sizeHint);

    public void Dispose() => Hold(0);

    private void Hold(int bytes)
    {
        budget.Hold(bytes - _held);
        _held = bytes;
    }

    // Our own lines: "id" is the first member, behind "type" where there is one, and a cursor needs no escapes.
    private static string? CursorOf(ReadOnlySpan<byte> line)
    {
        var name = "\"id\":\""u8;
        var at = line.IndexOf(name);
        if (at < 0 || (at > 1 && !line.StartsWith("{\"type\":"u8)))
            return null;
        var cursor = line[(at + name.Length)..];
        return Encoding.ASCII.GetString(cursor[..cursor.IndexOf((byte)'"')]);
    }
}
