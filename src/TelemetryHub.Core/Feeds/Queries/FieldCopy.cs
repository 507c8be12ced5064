using System.Text.Unicode;
using TelemetryHub.Core.Feeds.Json;

namespace TelemetryHub.Core.Feeds.Queries;

/// <summary>
/// Copies the wanted fields of one payload, on the stack. Everything written was read before, so the output is never longer than the payload.
/// Recursion goes as deep as the paths do.
/// </summary>
internal ref struct FieldCopy(PathTree paths, ulong wanted, ReadOnlySpan<byte> payload, Span<byte> output)
{
    private readonly PathTree _paths = paths;
    private readonly ulong _wanted = wanted;
    private readonly ReadOnlySpan<byte> _payload = payload;
    private readonly Span<byte> _output = output;
    private JsonCursor _cursor = new(payload);
    private ulong _met;
    private int _length;

    /// <summary>How many bytes the result has; 0 when the payload is not a JSON object.</summary>
    public int Copy()
    {
        if (_cursor.Peek() != '{')
            return 0;
        CopyMembers(PathTree.Root);
        return _cursor.IsAtEnd && Utf8.IsValid(_payload) ? _length : 0;
    }

    // False when nothing of it is wanted, or there.
    private bool CopyValue(int node)
    {
        var first = _cursor.Peek();
        if ((_wanted >> node & 1) == 0 && first == '{')
            return CopyMembers(node);
        if ((_wanted >> node & 1) == 0 && first == '[')
            return CopyElements(node);
        var start = _cursor.Position;
        _cursor.Skip();
        if ((_wanted >> node & 1) == 0 || _cursor.Failed)
            return false;
        PutLine(_cursor.Since(start));
        return true;
    }

    private bool CopyMembers(int node)
    {
        var isInside = false;
        var any = false;
        Put((byte)'{');
        while (_cursor.NextMember(ref isInside, out var name))
        {
            if (!IsNew(_paths.Find(node, name), out var child))
                continue;
            var before = _length;
            if (any)
                Put((byte)',');
            Put((byte)'"');
            Put(name.Raw);
            Put("\":"u8);
            Keep(CopyValue(child), before, ref any);
        }
        return Close((byte)'}', any);
    }

    // Elements that are not wanted leave no hole: the others move up.
    private bool CopyElements(int node)
    {
        var isInside = false;
        var any = false;
        Put((byte)'[');
        for (var index = 0; _cursor.NextElement(ref isInside); index++)
        {
            if (!IsNew(_paths.Find(node, index), out var child))
                continue;
            var before = _length;
            if (any)
                Put((byte)',');
            Keep(CopyValue(child), before, ref any);
        }
        return Close((byte)']', any);
    }

    // Reads over what no path takes; of members with the same name the first one counts, as in conditions.
    private bool IsNew(int node, out int child)
    {
        child = node;
        var bit = 1UL << node;
        if (node == 0 || (_met & bit) != 0)
        {
            _cursor.Skip();
            return false;
        }
        _met |= bit;
        return true;
    }

    private void Keep(bool isWritten, int before, ref bool any)
    {
        if (isWritten)
            any = true;
        else
            _length = before;
    }

    private bool Close(byte close, bool any)
    {
        if (_cursor.Failed)
            return false; // the bracket was not read: there may be no room for it
        Put(close);
        return any;
    }

    // A JSON text has its line ends between tokens only: in strings they are escaped.
    private void PutLine(ReadOnlySpan<byte> value)
    {
        while (true)
        {
            var end = value.IndexOfAny((byte)'\r', (byte)'\n');
            if (end < 0)
                break;
            Put(value[..end]);
            value = value[(end + 1)..];
        }
        Put(value);
    }

    private void Put(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_output[_length..]);
        _length += bytes.Length;
    }

    private void Put(byte value) => _output[_length++] = value;
}
