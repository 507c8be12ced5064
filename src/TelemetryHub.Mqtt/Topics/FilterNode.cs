namespace TelemetryHub.Mqtt.Topics;

/// <summary>
/// One level of the filter tree. Subscriptions to <c>…/#</c> hang on the parent of <c>#</c>, because they match the parent too.
/// </summary>
internal sealed class FilterNode<T>(FilterNode<T>? parent, byte[] level) : ILevelNode
    where T : notnull
{
    /// <summary>The level of every <c>+</c> node: by reference it differs from a literal level.</summary>
    public static readonly byte[] PlusLevel = "+"u8.ToArray();

    // Not readonly: a mutable struct that is changed in place.
    public LevelMap<FilterNode<T>> Children;

    public FilterNode<T>? Parent { get; } = parent;

    public byte[] Level { get; } = level;

    public FilterNode<T>? Plus { get; set; }

    public ValueBag<T>? Exact { get; set; }

    public ValueBag<T>? AllBelow { get; set; }

    public bool IsUnused => Exact is null && AllBelow is null && Plus is null && Children.IsEmpty;

    public void RemoveChild(FilterNode<T> child)
    {
        if (ReferenceEquals(child, Plus))
            Plus = null;
        else
            Children.Remove(child);
    }
}
