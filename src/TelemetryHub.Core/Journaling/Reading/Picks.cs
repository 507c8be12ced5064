using TelemetryHub.Core.Journaling.Format;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Journaling.Reading;

/// <summary>
/// The events of a segment that a narrow filter is after, when they are so few that reading them one by one is less than reading everything. One thread.
/// </summary>
internal sealed class Picks
{
    // Reading a page here and there costs about twice as much as reading on.
    private const int PickCostBytes = 8 << 10;

    // Less than this is read at once anyway.
    private const int MinRestBytes = 512 << 10;

    // What stands so near is read with what is before it.
    private const int NearBytes = 4 << 10;
    private const int MaxRunBytes = 128 << 10;
    private const int MinGuessBytes = 256;

    private readonly List<int> _offsets;
    private readonly int _guessBytes; // what an event takes
    private int _next, _runEnd;

    private Picks(List<int> offsets, int guessBytes, long upTo) => (_offsets, _guessBytes, UpTo) = (offsets, guessBytes, upTo);

    /// <summary>Of the events below this sequence they are all that match.</summary>
    public long UpTo { get; }

    /// <summary>Finds them from a sequence on; null when walking is better.</summary>
    public static Picks? Find(ISegmentMap map, TopicFilter filter, long from)
    {
        var upTo = map.NextSequence; // before the search: what comes meanwhile is not promised to be in it
        var rest = map.EndOffset - map.Seek(from);
        var offsets = new List<int>();
        // Where some are missing, only a walk says which.
        if (rest < MinRestBytes || map.HasMissing || !map.TryFind(filter, from, rest / PickCostBytes, offsets))
            return null;
        var average = map.EndOffset / Math.Max(upTo - map.Header.FirstSequence, 1);
        return new Picks(offsets, (int)Math.Clamp(average * 2, MinGuessBytes, NearBytes), upTo);
    }

    /// <summary>Reads the next one. False when there is none; <paramref name="isDamaged"/> when there should be one.</summary>
    public bool TryRead(SegmentWalk walk, out EventFrame frame, out bool isDamaged)
    {
        frame = default;
        isDamaged = false;
        if (_next == _offsets.Count)
            return false;
        if (_next >= _runEnd)
            walk.FillBytes = BeginRun();
        isDamaged = !walk.TryPick(_offsets[_next++], out frame);
        return !isDamaged;
    }

    // Those that stand near each other are read at once.
    private int BeginRun()
    {
        var begin = _offsets[_next];
        for (_runEnd = _next + 1; _runEnd < _offsets.Count; _runEnd++)
        {
            var end = _offsets[_runEnd - 1] + _guessBytes;
            if (_offsets[_runEnd] - end > NearBytes || _offsets[_runEnd] - begin > MaxRunBytes)
                break;
        }
        return _offsets[_runEnd - 1] + _guessBytes - begin;
    }
}
