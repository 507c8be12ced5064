namespace TelemetryHub.Core.Feeds.Queries;

/// <summary>
/// <c>path = ( "$" / name / step ) *( "." name / step )</c>, <c>step = "[" ( index / quoted ) "]"</c>: where a value is in a payload.
/// </summary>
internal sealed class PathParser(QueryText text, PathTree paths)
{
    private const int MaxSteps = 16;

    // Ten digits may not fit, and no payload has that many elements.
    private const int MaxIndexDigits = 9;

    /// <summary>A path, as the node it leads to. The first name cannot be one of the reserved words, which then are said to be missing quotes.</summary>
    public bool TryRead(Func<QueryText, bool>? isReserved, out int node)
    {
        node = PathTree.Root;
        var steps = 0;
        if (text.Peek() != '[' && !text.Take("$"u8))
        {
            if (isReserved?.Invoke(text) == true)
                return text.Expected("a field (a reserved word in the place of one is written [\"so\"])");
            if (!TryName(false, ref node, ref steps))
                return false;
        }
        while (true)
        {
            if (text.Take("."u8))
            {
                if (!TryName(true, ref node, ref steps))
                    return false;
            }
            else if (!text.Take("["u8))
            {
                return true;
            }
            else if (!TryStep(ref node, ref steps))
            {
                return false;
            }
        }
    }

    private bool TryName(bool mayBeginWithDigit, ref int node, ref int steps) => text.TryName(mayBeginWithDigit, out var name)
        ? TryAdd(name, 0, ref node, ref steps)
        : text.Expected(mayBeginWithDigit ? "a name" : "a field");

    private bool TryStep(ref int node, ref int steps)
    {
        byte[]? name = null;
        var index = 0;
        if (text.Peek() is (byte)'"' or (byte)'\'')
        {
            if (!text.TryQuoted(out name))
                return false;
        }
        else if (!char.IsAsciiDigit((char)text.Peek()) || !text.TryNumber(out var digits))
        {
            return text.Expected("the number of an element, from 0 on, or a name in quotes");
        }
        else if (digits.Length > MaxIndexDigits || !int.TryParse(digits, out index))
        {
            return text.LastFails("no element has this number");
        }
        return text.Take("]"u8) ? TryAdd(name, index, ref node, ref steps) : text.Expected("']'");
    }

    private bool TryAdd(byte[]? name, int index, ref int node, ref int steps)
    {
        if (++steps > MaxSteps)
            return text.Fails($"a path has at most {MaxSteps} steps");
        return paths.TryAdd(node, name, index, out node) || text.Fails($"at most {PathTree.MaxNodes - 1} different fields, with those that they are in");
    }
}
