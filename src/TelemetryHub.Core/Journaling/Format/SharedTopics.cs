using TelemetryHub.Core.Events;

namespace TelemetryHub.Core.Journaling.Format;

/// <summary>The topics of a segment as the table has them, found once for all who read it. Any thread.</summary>
internal sealed class SharedTopics
{
    private readonly Lock _gate = new(); // held by whoever writes
    private volatile Topic?[] _topics = [];

    public Topic? Get(ISegmentMap map, int id, TopicTable table)
    {
        var topics = _topics;
        return id < topics.Length && topics[id] is { } topic && table.IsCurrent(topic) ? topic : Find(map, id, table);
    }

    private Topic? Find(ISegmentMap map, int id, TopicTable table)
    {
        if (id >= map.TopicCount || map.TopicName(id) is not { IsEmpty: false } name)
            return null;
        var topic = table.Get(name);
        lock (_gate)
        {
            var topics = _topics;
            if (id >= topics.Length)
                Array.Resize(ref topics, Math.Max(map.TopicCount, Math.Max(64, topics.Length * 2)));
            topics[id] = topic;
            _topics = topics;
        }
        return topic;
    }
}
