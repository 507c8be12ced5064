using System.Text;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Core.Tests.Journaling.PowerCuts;

/// <summary>Events of all kinds, from a seed.</summary>
internal sealed class SampleAppends(Random random)
{
    private static readonly Principal[] Publishers = [new("one", null), new("two", "user"), new("three", ""), new("", "$hub"), new("fünf", "Größe")];

    public Event Next(TopicTable topics)
    {
        var isRetained = random.Next(5) == 0;
        var topic = isRetained ? $"retained/{random.Next(4)}" : $"{Level()}/{random.Next(4)}";
        return Of(topics.Get(Encoding.UTF8.GetBytes(topic)), (QoS)Math.Min(random.Next(4), 2), isRetained: isRetained);
    }

    /// <summary>An event that needs more room than all but a few.</summary>
    public Event Large(TopicTable topics) => Of(topics.Get("synced/large"u8), QoS.AtLeastOnce, payload: Filled(6_000));

    public Event Of(Topic topic, QoS qos, (uint Session, ushort PacketId) id = default, bool isRetained = false, byte[]? payload = null)
    {
        var time = 1_700_000_000_000 + random.Next(1_000_000);
        return new Event
        {
            Topic = topic,
            Payload = payload ?? (isRetained && random.Next(4) == 0 ? [] : Filled(Length())),
            Properties = random.Next(5) == 0 ? Filled(random.Next(40)) : null,
            Publisher = Publishers[random.Next(Publishers.Length)],
            Time = time,
            ExpiresAt = random.Next(8) == 0 ? time + random.Next(100_000) : 0,
            QoS = qos,
            Retain = isRetained,
            Session = id.Session,
            PacketId = id.PacketId,
        };
    }

    public byte[] Filled(int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private string Level() => random.Next(8) switch { 0 => "memory", < 3 => "flushed", _ => "synced" };

    private int Length() => random.Next(30) switch { 0 => 3_000 + random.Next(3_000), < 5 => 400 + random.Next(800), _ => 8 + random.Next(100) };
}
