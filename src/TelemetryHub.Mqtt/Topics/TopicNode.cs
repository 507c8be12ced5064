namespace TelemetryHub.Mqtt.Topics;

/// <summary>One level of the topic tree.</summary>
internal sealed class TopicNode<T>(TopicNode<T>? parent, byte[] level) : ILevelNode
    where T : class
{
    // Not readonly: a mutable struct that is changed in place.
    public LevelMap<TopicNode<T>> Children;

    public TopicNode<T>? Parent { get; } = parent;

    public byte[] Level { get; } = level;

    public T? Value { get; set; }

    public bool IsUnused => Value is null && Children.IsEmpty;
}
