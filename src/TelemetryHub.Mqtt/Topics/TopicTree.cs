namespace TelemetryHub.Mqtt.Topics;

/// <summary>Values by topic name, found by filter: for retained messages. Not thread-safe: the owner locks.</summary>
public sealed class TopicTree<T>
    where T : class
{
    private readonly TopicNode<T> _root = new(null, []);

    public int Count { get; private set; }

    /// <summary>Whether nothing is left of what was removed.</summary>
    internal bool IsPruned => _root.IsUnused;

    public T? Get(ReadOnlySpan<byte> topic) => FindNode(topic)?.Value;

    /// <summary>Returns the value that was there before.</summary>
    public T? Set(TopicName topic, T value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (topic.IsEmpty)
            throw new ArgumentException("A value needs a topic.", nameof(topic));

        var node = _root;
        var rest = topic.Utf8;
        for (var goesOn = true; goesOn;)
        {
            var level = TopicLevels.TakeFirst(ref rest, out goesOn);
            node = node.Children.Find(level) ?? Grow(node, level);
        }

        var previous = node.Value;
        node.Value = value;
        Count += previous is null ? 1 : 0;
        return previous;
    }

    /// <summary>Returns the value that was there.</summary>
    public T? Remove(ReadOnlySpan<byte> topic)
    {
        var node = FindNode(topic);
        var previous = node?.Value;
        if (node is null || previous is null)
            return null;

        Count--;
        node.Value = null;
        while (node is { IsUnused: true, Parent: { } parent })
        {
            parent.Children.Remove(node);
            node = parent;
        }

        return previous;
    }

    /// <summary>Appends the values of all topics that the filter matches, in no particular order.</summary>
    public void Find(TopicFilter filter, List<T> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        if (filter.HasWildcards)
            FindByLevels(filter.Pattern, into);
        else if (Get(filter.Pattern) is { } value)
            into.Add(value);
    }

    /// <summary>Level by level, never recursive: a stranger's topic of 65,535 levels must not overflow the stack.</summary>
    private void FindByLevels(ReadOnlySpan<byte> pattern, List<T> into)
    {
        var nodes = new List<TopicNode<T>> { _root };
        var children = new List<TopicNode<T>>();
        for (var goesOn = true; goesOn;)
        {
            var level = TopicLevels.TakeFirst(ref pattern, out goesOn);
            if (level is [(byte)'#'])
            {
                AddSubtrees(nodes, into);
                return;
            }

            children.Clear();
            foreach (var node in nodes)
            {
                if (level is [(byte)'+'])
                    AddChildren(node, children);
                else if (node.Children.Find(level) is { } child)
                    children.Add(child);
            }

            (nodes, children) = (children, nodes);
        }

        foreach (var node in nodes)
        {
            if (node.Value is not null)
                into.Add(node.Value);
        }
    }

    private void AddSubtrees(List<TopicNode<T>> nodes, List<T> into)
    {
        while (nodes.Count > 0)
        {
            var node = nodes[^1];
            nodes.RemoveAt(nodes.Count - 1);
            if (node.Value is not null)
                into.Add(node.Value);
            AddChildren(node, nodes);
        }
    }

    /// <summary>§4.7.2: a wildcard in the first level does not see topics that start with '$'.</summary>
    private void AddChildren(TopicNode<T> node, List<TopicNode<T>> into)
    {
        var from = into.Count;
        node.Children.CopyTo(into);
        if (!ReferenceEquals(node, _root))
            return;

        for (var i = into.Count - 1; i >= from; i--)
        {
            if (into[i].Level is not [(byte)'$', ..])
                continue;
            into[i] = into[^1];
            into.RemoveAt(into.Count - 1);
        }
    }

    private TopicNode<T>? FindNode(ReadOnlySpan<byte> topic)
    {
        // The root is not a topic; an empty first level has a node of its own.
        if (topic.IsEmpty)
            return null;

        TopicNode<T>? node = _root;
        for (var goesOn = true; goesOn && node is not null;)
            node = node.Children.Find(TopicLevels.TakeFirst(ref topic, out goesOn));
        return node;
    }

    private static TopicNode<T> Grow(TopicNode<T> parent, ReadOnlySpan<byte> level)
    {
        var child = new TopicNode<T>(parent, level.ToArray());
        parent.Children.Add(child);
        return child;
    }
}
