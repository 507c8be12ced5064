using TelemetryHub.Core.Events;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Feeds.Replays;

/// <summary>The newest event of each topic among those that were put in. One thread.</summary>
internal sealed class Newest
{
    private readonly Dictionary<TopicName, Event> _byTopic = new(TopicNameComparer.Instance);

    public int Count => _byTopic.Count;

    /// <summary>What the events take.</summary>
    public long Bytes { get; private set; }

    /// <summary>Puts one in that is newer than all before.</summary>
    public void Put(Event @event)
    {
        if (_byTopic.TryGetValue(@event.Topic.Name, out var older))
            Bytes -= older.SizeBytes;
        _byTopic[@event.Topic.Name] = @event;
        Bytes += @event.SizeBytes;
    }

    /// <summary>Takes them all, in the order of their sequences: so the cursor of each is right, for what comes behind it is newer.</summary>
    public Event[] Take()
    {
        var events = _byTopic.Values.ToArray();
        Array.Sort(events, static (one, other) => one.Sequence.CompareTo(other.Sequence));
        _byTopic.Clear();
        Bytes = 0;
        return events;
    }
}
