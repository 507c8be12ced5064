using TelemetryHub.Core.Events;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Routing;

/// <summary>The retained message of each topic. Guarded by the router's lock; the counts may be read by any thread.</summary>
internal sealed class RetainedMessages
{
    // The topic itself and its nodes in the tree.
    private const int TopicBytes = 300;

    private readonly TopicTree<Event> _byTopic = new();
    private long _bytes;

    public int Count => _byTopic.Count;

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>MQTT 5 §3.3.1.3: an empty payload clears, anything else replaces.</summary>
    public void Apply(Event @event)
    {
        var before = @event.Payload.Length == 0 ? _byTopic.Remove(@event.Topic.Name.Utf8) : _byTopic.Set(@event.Topic.Name, @event);
        var change = (@event.Payload.Length == 0 ? 0 : CostOf(@event)) - (before is null ? 0 : CostOf(before));
        Volatile.Write(ref _bytes, _bytes + change);
    }

    /// <summary>The retained messages that match and have not expired.</summary>
    public List<Event> Find(TopicFilter filter, long now)
    {
        List<Event> found = [];
        _byTopic.Find(filter, found);
        found.RemoveAll(@event => RemoveIfExpired(@event, now));
        return found;
    }

    private bool RemoveIfExpired(Event @event, long now)
    {
        if (@event.ExpiresAt == 0 || @event.ExpiresAt > now)
            return false;
        _byTopic.Remove(@event.Topic.Name.Utf8);
        Volatile.Write(ref _bytes, _bytes - CostOf(@event));
        return true;
    }

    private static int CostOf(Event @event) => @event.SizeBytes + @event.Topic.Name.Utf8.Length + TopicBytes;
}
