namespace TelemetryHub.Mqtt.Topics;

/// <summary>A place in the filter tree to come back to, with the offset of the topic's next level there.</summary>
internal readonly record struct Branch<T>(FilterNode<T> Node, int Offset)
    where T : notnull;
