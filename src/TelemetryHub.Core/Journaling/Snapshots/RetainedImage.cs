using System.Buffers;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling.Format;
using TelemetryHub.Core.Log;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Journaling.Snapshots;

/// <summary>The retained message of each topic as the log makes it, in bytes.</summary>
internal sealed class RetainedImage
{
    private readonly Dictionary<TopicName, byte[]> _copies = [];
    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <summary>MQTT 5 §3.3.1.3: an empty payload clears, anything else replaces.</summary>
    public void Apply(in EventFrame frame, TopicName topic, Principal publisher)
    {
        if (frame.Payload.IsEmpty)
        {
            _copies.Remove(topic);
            return;
        }
        _buffer.ResetWrittenCount();
        EventCopy.Write(frame.ToEvent(new Topic(topic), publisher), _buffer);
        _copies[topic] = _buffer.WrittenSpan.ToArray();
    }

    public void Read(ReadOnlySpan<byte> copy)
    {
        if (!TopicName.TryParse(EventCopy.TopicOf(copy), out var topic))
            throw new InvalidDataException("A retained message has no topic.");
        _copies[topic] = copy.ToArray();
    }

    public void Write(SnapshotBlock write)
    {
        foreach (var copy in _copies.Values)
            write(copy);
    }

    /// <summary>The messages, in no order.</summary>
    public List<Event> ToEvents(TopicTable topics)
    {
        var events = new List<Event>(_copies.Count);
        foreach (var copy in _copies.Values)
            events.Add(EventCopy.Read(copy, topics));
        return events;
    }
}
