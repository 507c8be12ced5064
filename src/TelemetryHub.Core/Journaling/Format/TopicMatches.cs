using System.Buffers;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Journaling.Format;

/// <summary>Which topics of a segment match a filter: each is looked at when it is first asked for, once. One thread.</summary>
internal readonly struct TopicMatches(ISegmentMap map, TopicFilter filter, int count) : IDisposable
{
    private const byte Matching = 1, Other = 2; // 0 = not looked at

    private readonly byte[] _known = Rent(count);

    public bool this[int id]
    {
        get
        {
            ref var known = ref _known[id];
            if (known == 0)
                known = filter.Matches(map.TopicName(id)) ? Matching : Other;
            return known == Matching;
        }
    }

    /// <summary>Looks at all of them, until one matches.</summary>
    public bool Any()
    {
        for (var id = 0; id < count; id++)
        {
            if (this[id])
                return true;
        }
        return false;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_known);

    private static byte[] Rent(int count)
    {
        var known = ArrayPool<byte>.Shared.Rent(count);
        known.AsSpan(0, count).Clear();
        return known;
    }
}
