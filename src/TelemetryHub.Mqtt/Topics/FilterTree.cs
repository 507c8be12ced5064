namespace TelemetryHub.Mqtt.Topics;

/// <summary>
/// Subscriptions by topic filter. Matching costs what the topic's levels and the matches cost, whatever the number of subscriptions.
/// Only <see cref="TopicFilter.Pattern"/> counts: what a shared subscription means is the caller's business.
/// Not thread-safe: the owner locks. Calls of <see cref="Match"/> do not disturb each other.
/// </summary>
public sealed class FilterTree<T>
    where T : notnull
{
    private readonly FilterNode<T> _root = new(null, []);

    /// <summary>How many pairs of filter and value there are.</summary>
    public int Count { get; private set; }

    /// <summary>Whether nothing is left of what was removed.</summary>
    internal bool IsPruned => _root.IsUnused;

    /// <summary>False when the filter already had this value.</summary>
    public bool Add(TopicFilter filter, T value)
    {
        ThrowIfEmpty(filter);
        var node = FindOrGrow(filter.Pattern, out var allBelow);
        var bag = allBelow ? node.AllBelow ??= new ValueBag<T>() : node.Exact ??= new ValueBag<T>();
        if (!bag.Add(value))
            return false;
        Count++;
        return true;
    }

    /// <summary>False when the filter did not have this value.</summary>
    public bool Remove(TopicFilter filter, T value)
    {
        ThrowIfEmpty(filter);
        var node = Find(filter.Pattern, out var allBelow);
        var bag = allBelow ? node?.AllBelow : node?.Exact;
        if (node is null || bag is null || !bag.Remove(value))
            return false;

        Count--;
        if (bag.Count > 0)
            return true;
        if (allBelow)
            node.AllBelow = null;
        else
            node.Exact = null;
        Prune(node);
        return true;
    }

    /// <summary>
    /// Appends the values of all filters that match, once per filter. The topic must be a valid name. Allocates only when the list
    /// grows.
    /// </summary>
    public void Match(ReadOnlySpan<byte> topic, List<T> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        if (topic.IsEmpty)
            return;

        // §4.7.2: leading wildcards do not see topics that start with '$'.
        if (topic[0] != (byte)'$')
        {
            MatchBelow(_root, topic, 0, into);
            return;
        }

        var level = topic.IndexOf((byte)'/') is var end and >= 0 ? topic[..end] : topic;
        if (_root.Children.Find(level) is { } first)
            MatchBelow(first, topic, level.Length + 1, into);
    }

    /// <summary>
    /// Depth first with a stack of its own: a hostile filter of 32,768 levels must not overflow the thread's.
    /// An offset behind the end of the topic says that no level is left; an offset at the end, that an empty one is.
    /// </summary>
    private static void MatchBelow(FilterNode<T> start, ReadOnlySpan<byte> topic, int offset, List<T> into)
    {
        var inline = default(InlineBranches<T>);
        using var pending = new PendingBranches<T>(inline);
        for (var node = start; ;)
        {
            // §4.7.1.2: '#' also matches its parent.
            if (node.AllBelow is not null)
                into.AddRange(node.AllBelow.Items);

            FilterNode<T>? next = null;
            if (offset > topic.Length)
            {
                if (node.Exact is not null)
                    into.AddRange(node.Exact.Items);
            }
            else
            {
                var rest = topic[offset..];
                var end = rest.IndexOf((byte)'/');
                var level = end < 0 ? rest : rest[..end];
                offset += level.Length + 1;
                next = node.Children.Find(level);
                if (next is null)
                    next = node.Plus;
                else if (node.Plus is not null)
                    pending.Push(new Branch<T>(node.Plus, offset));
            }

            if (next is null)
            {
                if (!pending.TryPop(out var branch))
                    return;
                (next, offset) = branch;
            }

            node = next;
        }
    }

    private FilterNode<T> FindOrGrow(ReadOnlySpan<byte> rest, out bool allBelow)
    {
        var node = _root;
        allBelow = false;
        for (var goesOn = true; goesOn;)
        {
            var level = TopicLevels.TakeFirst(ref rest, out goesOn);
            if (level is [(byte)'#'])
                allBelow = true;
            else if (level is [(byte)'+'])
                node = node.Plus ??= new FilterNode<T>(node, FilterNode<T>.PlusLevel);
            else
                node = node.Children.Find(level) ?? Grow(node, level);
        }

        return node;
    }

    private static FilterNode<T> Grow(FilterNode<T> parent, ReadOnlySpan<byte> level)
    {
        var child = new FilterNode<T>(parent, level.ToArray());
        parent.Children.Add(child);
        return child;
    }

    private FilterNode<T>? Find(ReadOnlySpan<byte> rest, out bool allBelow)
    {
        FilterNode<T>? node = _root;
        allBelow = false;
        for (var goesOn = true; goesOn && node is not null;)
        {
            var level = TopicLevels.TakeFirst(ref rest, out goesOn);
            if (level is [(byte)'#'])
                allBelow = true;
            else
                node = level is [(byte)'+'] ? node.Plus : node.Children.Find(level);
        }

        return node;
    }

    private static void Prune(FilterNode<T> node)
    {
        while (node is { IsUnused: true, Parent: { } parent })
        {
            parent.RemoveChild(node);
            node = parent;
        }
    }

    private static void ThrowIfEmpty(TopicFilter filter)
    {
        if (filter.IsEmpty)
            throw new ArgumentException("The default filter matches nothing and cannot be subscribed to.", nameof(filter));
    }
}
