using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Log;

/// <summary>Which level holds for which topic: the first filter that matches decides, else the default. Immutable.</summary>
public sealed class AcknowledgeLevels(AcknowledgeLevel @default, IReadOnlyList<(TopicFilter Filter, AcknowledgeLevel Level)> byFilter)
{
    /// <summary>Where no filter matches; also the level of the hub's own state.</summary>
    public AcknowledgeLevel Default { get; } = @default;

    /// <summary>Is it the same everywhere?</summary>
    public bool IsUniform => byFilter.Count == 0;

    /// <summary>The level of one topic.</summary>
    public AcknowledgeLevel For(TopicName topic)
    {
        foreach (var (filter, level) in byFilter)
        {
            if (filter.Matches(topic))
                return level;
        }
        return Default;
    }
}
