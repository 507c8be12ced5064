using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Format;
using TelemetryHub.Core.Journaling.Segments;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Journaling.Inspection;

/// <summary>Compares an index with what a scan found in its segment.</summary>
internal static class IndexCheck
{
    private static readonly TopicFilter Everything = TopicFilter.Parse("#");

    /// <summary>What is wrong; null when nothing is, or when there is no index.</summary>
    public static string? Problem(IDisk disk, string path, SegmentDirectory segment)
    {
        try
        {
            return SegmentIndex.TryOpen(disk, path, segment.Header, out var index)
                ? Difference(index, segment)
                : DamageOf(disk, path);
        }
        catch (FileNotFoundException)
        {
            return null; // dropped with its segment meanwhile
        }
    }

    private static string DamageOf(IDisk disk, string path)
    {
        disk.Open(path).Dispose(); // throws when it is not there
        return "is damaged, or belongs to another segment; a start makes it again";
    }

    private static string? Difference(SegmentIndex index, SegmentDirectory segment)
    {
        var isSame = index.NextSequence == segment.NextSequence
            && index.EndOffset == segment.EndOffset
            && index.TopicCount == segment.TopicCount
            && HasSameStates(index, segment)
            && HasSameEvents(index, segment);
        return isSame ? null : "does not say what is in its segment";
    }

    private static bool HasSameStates(SegmentIndex index, SegmentDirectory segment)
    {
        for (var i = 0; i < index.StateCount && i < segment.StateCount; i++)
        {
            if (index.StateOffset(i) != segment.StateOffset(i))
                return false;
        }

        return index.StateCount == segment.StateCount;
    }

    // Topics that begin with '$' are not meant by '#': theirs are read when somebody asks for them.
    private static bool HasSameEvents(SegmentIndex index, SegmentDirectory segment)
    {
        List<int> found = [], expected = [];
        for (var sequence = segment.Header.FirstSequence; sequence < segment.NextSequence; sequence++)
        {
            if (segment.OffsetOf(sequence) is not 0 and var offset && Everything.Matches(segment.TopicName(segment.TopicIdOf(sequence))))
                expected.Add(offset);
        }

        return index.TryFind(Everything, segment.Header.FirstSequence, int.MaxValue, found) && found.SequenceEqual(expected);
    }
}
