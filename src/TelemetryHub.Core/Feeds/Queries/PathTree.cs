using TelemetryHub.Core.Feeds.Json;

namespace TelemetryHub.Core.Feeds.Queries;

/// <summary>
/// All paths that a query names, as one tree in an array, so that one walk over a payload meets them all.
/// Grows while the query is compiled, read only from then on.
/// </summary>
internal sealed class PathTree
{
    /// <summary>Which nodes were met, and which are wanted, is one bit each.</summary>
    public const int MaxNodes = 64;

    /// <summary>The payload itself.</summary>
    public const int Root = 0;

    private readonly PathNode[] _nodes = new PathNode[MaxNodes];
    private int _count = 1;

    /// <summary>The node of a step below another; false when there are too many.</summary>
    public bool TryAdd(int parent, byte[]? name, int index, out int node)
    {
        for (node = _nodes[parent].FirstChild; node != 0; node = _nodes[node].NextSibling)
        {
            if (_nodes[node].Index == index && _nodes[node].Name.AsSpan().SequenceEqual(name) && _nodes[node].Name is null == name is null)
                return true;
        }
        if (_count == MaxNodes)
            return false;
        node = _count++;
        _nodes[node] = new PathNode { Name = name, Index = index, NextSibling = _nodes[parent].FirstChild };
        _nodes[parent].FirstChild = node;
        return true;
    }

    public bool HasChildren(int node) => _nodes[node].FirstChild != 0;

    /// <summary>Does any path take an element of it?</summary>
    public bool HasElements(int node)
    {
        for (node = _nodes[node].FirstChild; node != 0; node = _nodes[node].NextSibling)
        {
            if (_nodes[node].Name is null)
                return true;
        }
        return false;
    }

    /// <summary>The step to a member of an object; 0 when no path takes it.</summary>
    public int Find(int parent, JsonText name)
    {
        for (var node = _nodes[parent].FirstChild; node != 0; node = _nodes[node].NextSibling)
        {
            if (_nodes[node].Name is { } wanted && name.Is(wanted))
                return node;
        }
        return 0;
    }

    /// <summary>The step to an element of an array; 0 when no path takes it.</summary>
    public int Find(int parent, int index)
    {
        for (var node = _nodes[parent].FirstChild; node != 0; node = _nodes[node].NextSibling)
        {
            if (_nodes[node].Index == index && _nodes[node].Name is null)
                return node;
        }
        return 0;
    }

    /// <summary>Gives every node the bits of all that are below it, too.</summary>
    public ulong[] WithBelow(ReadOnlySpan<ulong> own)
    {
        var below = own.ToArray();
        // A child comes behind its parent in the array.
        for (var parent = _count - 1; parent >= 0; parent--)
        {
            for (var node = _nodes[parent].FirstChild; node != 0; node = _nodes[node].NextSibling)
                below[parent] |= below[node];
        }
        return below;
    }
}
