using TelemetryHub.Broker.Wills;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Broker.Recovery;

/// <summary>A will as it is recorded: without the objects of a running hub. Its publisher is whoever holds the session.</summary>
internal sealed class WillImage
{
    private const int RetainFlag = 4, PropertiesFlag = 8, ExpiryFlag = 16;

    public required TopicName Topic { get; init; }

    public required byte[] Payload { get; init; }

    public byte[]? Properties { get; init; }

    public QoS QoS { get; init; }

    public bool Retain { get; init; }

    public uint DelaySeconds { get; init; }

    public uint? ExpirySeconds { get; init; }

    public static WillImage Of(Will will) => new()
    {
        Topic = will.Topic.Name,
        Payload = will.Payload,
        Properties = will.Properties,
        QoS = will.QoS,
        Retain = will.Retain,
        DelaySeconds = will.DelaySeconds,
        ExpirySeconds = will.ExpirySeconds,
    };

    public Will ToWill(TopicTable topics, Principal publisher) => new()
    {
        Topic = topics.Get(Topic),
        Payload = Payload,
        Publisher = publisher,
        Properties = Properties,
        QoS = QoS,
        Retain = Retain,
        DelaySeconds = DelaySeconds,
        ExpirySeconds = ExpirySeconds,
    };

    public void Write(ref RecordWriter writer)
    {
        var flags = (int)QoS | (Retain ? RetainFlag : 0) | (Properties is null ? 0 : PropertiesFlag) | (ExpirySeconds is null ? 0 : ExpiryFlag);
        writer.Byte((byte)flags);
        writer.Number(DelaySeconds);
        if (ExpirySeconds is { } expiry)
            writer.Number(expiry);
        writer.Block(Topic.Utf8);
        if (Properties is not null)
            writer.Block(Properties);
        writer.Block(Payload);
    }

    public static WillImage Read(ref RecordReader reader)
    {
        var flags = reader.Flags(highest: ExpiryFlag);
        return new WillImage // in the order in which it is written
        {
            QoS = RecordReader.QoSOf(flags),
            Retain = (flags & RetainFlag) != 0,
            DelaySeconds = reader.SmallNumber(),
            ExpirySeconds = (flags & ExpiryFlag) != 0 ? reader.SmallNumber() : null,
            Topic = TopicName.TryParse(reader.Block(), out var topic) ? topic : throw RecordReader.Malformed("the topic of a will"),
            Properties = (flags & PropertiesFlag) != 0 ? reader.Block().ToArray() : null,
            Payload = reader.Block().ToArray(),
        };
    }
}
