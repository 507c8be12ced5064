namespace TelemetryHub.Mqtt.Topics;

/// <summary>
/// The children of a tree node. Most nodes have a handful, so they start as a plain array, which is both smaller than a dictionary
/// (32 bytes against 216 for one child) and faster to search; many children move to a dictionary.
/// </summary>
internal struct LevelMap<TNode>
    where TNode : class, ILevelNode
{
    private const int MaxScanned = 4;

    private TNode[]? _few;
    private Dictionary<byte[], TNode>? _many;

    public readonly bool IsEmpty => _few is null && _many is null;

    public readonly TNode? Find(ReadOnlySpan<byte> level)
    {
        if (_many is not null)
            return _many.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(level, out var node) ? node : null;

        if (_few is not null)
        {
            foreach (var node in _few)
            {
                if (level.SequenceEqual(node.Level))
                    return node;
            }
        }

        return null;
    }

    /// <summary>The level must not be there yet.</summary>
    public void Add(TNode node)
    {
        if (_many is not null)
        {
            _many.Add(node.Level, node);
        }
        else if (_few is null)
        {
            _few = [node];
        }
        else if (_few.Length < MaxScanned)
        {
            _few = [.. _few, node];
        }
        else
        {
            _many = new Dictionary<byte[], TNode>(MaxScanned * 2, Utf8Comparer.Instance) { [node.Level] = node };
            foreach (var other in _few)
                _many.Add(other.Level, other);
            _few = null;
        }
    }

    public void Remove(TNode node)
    {
        if (_many is not null)
        {
            _many.Remove(node.Level);
            if (_many.Count == 0)
                _many = null;
        }
        else if (_few is not null)
        {
            _few = _few.Length == 1 ? null : Array.FindAll(_few, other => !ReferenceEquals(other, node));
        }
    }

    public readonly void CopyTo(List<TNode> into)
    {
        if (_many is not null)
            into.AddRange(_many.Values);
        else if (_few is not null)
            into.AddRange(_few);
    }
}
