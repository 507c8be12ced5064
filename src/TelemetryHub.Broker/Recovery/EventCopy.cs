using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Broker.Recovery;

/// <summary>
/// A whole event inside a record: a retained message that was replayed may be dropped by the journal, and replaced among the retained
/// ones, before its subscriber has it. Its sequence stands in the record.
/// </summary>
internal sealed class EventCopy
{
    private const int RetainFlag = 4, PropertiesFlag = 8, ExpiresFlag = 16, UserFlag = 32;

    public required TopicName Topic { get; init; }

    public required byte[] Payload { get; init; }

    public byte[]? Properties { get; init; }

    public required Principal Publisher { get; init; }

    public required long Time { get; init; }

    public long ExpiresAt { get; init; }

    public QoS QoS { get; init; }

    public bool Retain { get; init; }

    public Event ToEvent(TopicTable topics) => new()
    {
        Topic = topics.Get(Topic),
        Payload = Payload,
        Properties = Properties,
        Publisher = Publisher,
        Time = Time,
        ExpiresAt = ExpiresAt,
        QoS = QoS,
        Retain = Retain,
    };

    public static void Write(Event @event, ref RecordWriter writer)
    {
        var (properties, user) = (@event.Properties, @event.Publisher.User);
        writer.Byte((byte)((int)@event.QoS | (@event.Retain ? RetainFlag : 0) | (properties is null ? 0 : PropertiesFlag)
            | (@event.ExpiresAt == 0 ? 0 : ExpiresFlag) | (user is null ? 0 : UserFlag)));
        writer.Number(@event.Time);
        if (@event.ExpiresAt != 0)
            writer.Number(@event.ExpiresAt);
        writer.Block(@event.Topic.Name.Utf8);
        writer.Text(@event.Publisher.ClientId);
        if (user is not null)
            writer.Text(user);
        if (properties is not null)
            writer.Block(properties);
        writer.Rest(@event.Payload);
    }

    public static EventCopy Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new RecordReader(bytes);
        var flags = reader.Flags(highest: UserFlag);
        return new EventCopy // in the order in which it is written
        {
            QoS = RecordReader.QoSOf(flags),
            Retain = (flags & RetainFlag) != 0,
            Time = reader.Number(),
            ExpiresAt = (flags & ExpiresFlag) != 0 ? reader.Number() : 0,
            Topic = TopicName.TryParse(reader.Block(), out var topic) ? topic : throw RecordReader.Malformed("the topic of an event"),
            Publisher = new Principal(reader.Text(), (flags & UserFlag) != 0 ? reader.Text() : null),
            Properties = (flags & PropertiesFlag) != 0 ? reader.Block().ToArray() : null,
            Payload = reader.Rest().ToArray(),
        };
    }
}
