using TelemetryHub.Core.Events;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Broker.Connections;

/// <summary>The topic aliases that the hub has set towards one client: first come, first served, until the client's limit.</summary>
internal sealed class OutgoingAliases(int maximum)
{
    // A shorter name costs less than its alias does.
    private const int MinTopicBytes = 4;

    // By name: what was read back from the log may have topics of its own.
    private readonly Dictionary<TopicName, ushort> _byTopic = [];

    /// <summary>The alias to use (0 = none) and whether the client knows it already.</summary>
    public (ushort Alias, bool IsKnown) For(Topic topic)
    {
        if (_byTopic.TryGetValue(topic.Name, out var alias))
            return (alias, true);
        if (_byTopic.Count >= maximum || topic.Name.Utf8.Length < MinTopicBytes)
            return (0, false);
        _byTopic.Add(topic.Name, alias = (ushort)(_byTopic.Count + 1));
        return (alias, false);
    }
}
