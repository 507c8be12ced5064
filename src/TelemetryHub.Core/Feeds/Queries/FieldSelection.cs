using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace TelemetryHub.Core.Feeds.Queries;

/// <summary>The fields of a JSON payload that a reader wants, compiled once. Equal when written the same. Any thread.</summary>
public sealed class FieldSelection : IEquatable<FieldSelection>
{
    private readonly string _text;

    private readonly PathTree _paths;
    private readonly ulong _wanted;

    private FieldSelection(string text, PathTree paths, ulong wanted)
    {
        _text = text;
        _paths = paths;
        _wanted = wanted;
    }

    /// <summary>Compiles a list of fields; when it cannot be, <paramref name="problem"/> says where and why.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out FieldSelection? fields, [NotNullWhen(false)] out string? problem)
    {
        var source = new QueryText(text);
        var paths = new PathTree();
        fields = TryRead(source, paths, out var wanted) ? new FieldSelection(text, paths, wanted) : null;
        problem = source.Problem;
        return fields is not null;
    }

    /// <summary>
    /// Writes the payload with only these fields, as JSON in one line. False, and nothing written, when the payload is not a JSON object: it is then passed on as it came.
    /// </summary>
    public bool TryWrite(ReadOnlySpan<byte> payload, IBufferWriter<byte> output)
    {
        if (payload.IsEmpty)
            return false;
        var length = new FieldCopy(_paths, _wanted, payload, output.GetSpan(payload.Length)).Copy();
        output.Advance(length);
        return length > 0;
    }

    // fields = path *( "," path ), not the payload itself and not elements of it: the result is an object.
    private static bool TryRead(QueryText text, PathTree paths, out ulong wanted)
    {
        var path = new PathParser(text, paths);
        wanted = 0;
        if (text.Problem is not null)
            return false;
        do
        {
            if (!path.TryRead(isReserved: null, out var node))
                return false;
            if (node == PathTree.Root)
                return text.Expected("'.' and a name");
            if (paths.HasElements(PathTree.Root))
                return text.Fails("fields are taken from objects: the first step is a name");
            wanted |= 1UL << node;
        }
        while (text.Take(","u8));
        return text.IsAtEnd || text.Expected("',' or the end");
    }

    /// <inheritdoc/>
    public bool Equals(FieldSelection? other) => other is not null && _text == other._text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FieldSelection);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <summary>As it was written.</summary>
    public override string ToString() => _text;
}
