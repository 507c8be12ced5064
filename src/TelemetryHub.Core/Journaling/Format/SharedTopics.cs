using TelemetryHub.Core.Events;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Journaling.Format;

/// <summary>
/// The topics of a segment for all who read it: those of the table where they are in use, else topics of its own, which the table never learns of. A long
/// replay would make it forget the topics of today. Any thread.
/// </summary>
internal sealed class SharedTopics
{
    private readonly Lock _gate = new(); // held by whoever writes
    private volatile Topic?[] _topics = [];

    public Topic? Get(ISegmentMap map, int id, TopicTable table)
    {
        var topics = _topics;
        var topic = id < topics.Length ? topics[id] : null;
        return topic is not null && table.IsKnown(topic) ? topic : Find(map, id, table, topic);
    }

    // One that the table has not, or not any more, may be in use again by now.
    private Topic? Find(ISegmentMap map, int id, TopicTable table, Topic? own)
    {
        if (id >= map.TopicCount || map.TopicName(id) is not { IsEmpty: false } name)
            return null;
        if (table.Peek(name) is { } known)
            return Keep(map, id, known);
        return own ?? (TopicName.TryParse(name, out var parsed) ? Keep(map, id, new Topic(parsed)) : null);
    }

    private Topic Keep(ISegmentMap map, int id, Topic topic)
    {
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
