using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Journaling.Format;

/// <summary>Gives a topic its number in this segment, before the first event that uses it. Numbers count from 0.</summary>
internal readonly ref struct TopicFrame
{
    public int Id { get; private init; }

    /// <summary>A valid topic name.</summary>
    public ReadOnlySpan<byte> Name { get; private init; }

    public static bool TryRead(ReadOnlySpan<byte> body, out TopicFrame frame)
    {
        frame = default;
        var at = 0;
        if (!Varint.TryRead(body, ref at, out int id) || !TopicName.IsValid(body[at..]))
            return false;
        frame = new TopicFrame { Id = id, Name = body[at..] };
        return true;
    }
}
