using System.Text;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Core.Tests.Events;

/// <summary>Events as a publisher's connection would make them.</summary>
internal sealed class SampleEvents(TopicTable topics)
{
    public SampleEvents()
        : this(new TopicTable(1 << 20))
    {
    }

    public static Principal Publisher { get; } = new("publisher", null);

    public Event Of(
        string topic,
        string payload = "x",
        QoS qos = QoS.AtLeastOnce,
        bool retain = false,
        string publisher = "publisher",
        long expiresAt = 0)
    {
        return new Event
        {
            Topic = topics.Get(Encoding.UTF8.GetBytes(topic)),
            Payload = Encoding.UTF8.GetBytes(payload),
            Publisher = publisher == Publisher.ClientId ? Publisher : new Principal(publisher, null),
            Time = 0,
            QoS = qos,
            Retain = retain,
            ExpiresAt = expiresAt,
        };
    }

    /// <summary>An event of exactly this <see cref="Event.SizeBytes"/>.</summary>
    public Event OfSize(int bytes, QoS qos = QoS.AtMostOnce, string topic = "t") => new()
    {
        Topic = topics.Get(Encoding.UTF8.GetBytes(topic)),
        Payload = new byte[bytes - SmallestBytes],
        Publisher = Publisher,
        Time = 0,
        QoS = qos,
    };

    /// <summary>What an event without a payload is accounted for.</summary>
    public static int SmallestBytes { get; } = new SampleEvents().Of("t", "").SizeBytes;
}
