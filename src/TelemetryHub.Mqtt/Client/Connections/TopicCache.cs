using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Mqtt.Client.Connections;

/// <summary>Topics that came before, so that a message on one of them needs no new copy of its name. Not thread-safe.</summary>
internal sealed class TopicCache
{
    // A subscriber to '#' may see topics without end; after so many the cache starts anew.
    private const int MostTopics = 1024;

    private readonly Dictionary<byte[], TopicName> _topics = new(Utf8Comparer.Instance);

    /// <summary>The name of bytes that are known to be valid.</summary>
    public TopicName Get(ReadOnlySpan<byte> utf8)
    {
        var lookup = _topics.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (lookup.TryGetValue(utf8, out var topic))
            return topic;
        if (!TopicName.TryParse(utf8, out topic))
            return default;
        if (_topics.Count >= MostTopics)
            _topics.Clear();
        lookup[utf8] = topic;
        return topic;
    }
}
