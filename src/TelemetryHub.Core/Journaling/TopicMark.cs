using TelemetryHub.Core.Access;

namespace TelemetryHub.Core.Journaling;

/// <summary>How a segment calls a topic, and its last publisher: found without a look-up, since most topics have one publisher. The writer's.</summary>
internal sealed class TopicMark
{
    public long Segment { get; set; }

    public int TopicId { get; set; }

    public Principal? Publisher { get; set; }

    public int PublisherId { get; set; }
}
