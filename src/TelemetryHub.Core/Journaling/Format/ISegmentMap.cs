using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Journaling.Format;

/// <summary>
/// Tells what is where in a segment: by its <see cref="SegmentDirectory"/> while that is in memory, by its index afterwards. Any thread.
/// Offsets are those of frames in the segment's file.
/// </summary>
internal interface ISegmentMap
{
    SegmentHeader Header { get; }

    /// <summary>The sequence behind the last event.</summary>
    long NextSequence { get; }

    /// <summary>How far the file may be read. Read after <see cref="NextSequence"/> it covers at least the events below that.</summary>
    int EndOffset { get; }

    /// <summary>Whether damage has taken events.</summary>
    bool HasMissing { get; }

    /// <summary>How many numbers topics have.</summary>
    int TopicCount { get; }

    /// <summary>How many frames whoever restores the hub's state must read.</summary>
    int StateCount { get; }

    /// <summary>
    /// Where to walk from to find the event with this sequence, or the next one that is there: at it or some events before.
    /// <see cref="EndOffset"/> when there is none.
    /// </summary>
    int Seek(long sequence);

    /// <summary>Where to go on behind damage at this place: an event further on; <see cref="EndOffset"/> when none is known.</summary>
    int SeekBehind(int offset);

    /// <summary>The sequence to walk from to find the first event at or after this time; <see cref="NextSequence"/> when there is none.</summary>
    long SeekTime(long time);

    /// <summary>The name of a topic; empty when damage took it.</summary>
    ReadOnlySpan<byte> TopicName(int id);

    /// <summary>The topic, as the table has it, or else one that the table does not learn of; null when damage took its name.</summary>
    Topic? Topic(int id, TopicTable table);

    /// <summary>A publisher; null when damage took it.</summary>
    Principal? Publisher(int id);

    /// <summary>One of the frames that <see cref="StateCount"/> counts, ascending.</summary>
    int StateOffset(int index);

    /// <summary>
    /// Adds where the events of matching topics are, ascending, from at or before <paramref name="sequence"/> on. False when there are more than
    /// <paramref name="max"/>, or when it cannot be told: then walk.
    /// </summary>
    bool TryFind(TopicFilter filter, long sequence, int max, List<int> offsets);
}
