using TelemetryHub.Mqtt.Packets;
using TelemetryHub.Mqtt.Properties;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Mqtt.Client.Connections;

/// <summary>The topics of the messages of one connection, spelled out or by alias (MQTT 5 §3.3.2.3.4). Not thread-safe.</summary>
internal sealed class InboundTopics(ushort aliasMaximum)
{
    private readonly TopicCache _cache = new();
    private TopicName[] _aliases = [];

    /// <summary>False when the alias is larger than allowed, or was never set.</summary>
    public bool TryResolve(in PublishPacket packet, out TopicName topic)
    {
        topic = packet.Topic.IsEmpty ? default : _cache.Get(packet.Topic);
        if (packet.Properties.IsEmpty || !packet.Properties.TryGetNumber(PropertyId.TopicAlias, out var alias))
            return !topic.IsEmpty;
        if (alias == 0 || alias > aliasMaximum)
            return false;
        if (_aliases.Length == 0)
            _aliases = new TopicName[aliasMaximum];
        if (topic.IsEmpty)
            topic = _aliases[alias - 1];
        else
            _aliases[alias - 1] = topic;
        return !topic.IsEmpty;
    }
}
