using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Journaling.Format;

/// <summary>
/// What is known of a segment while it is written or scanned: where its events are, of which topic, and what matters for the hub's state.
/// One thread fills it and calls <see cref="Publish"/>; any other reads what has been published.
/// </summary>
/// <remarks>8 bytes per event: a full segment of small events costs a tenth of its length. A sealed segment has an index on disk instead.</remarks>
internal sealed class SegmentDirectory : ISegmentMap
{
    /// <summary>Events per entry of the times.</summary>
    public const int TimeBlock = 256;

    // An event that damage took stands in the directory without an offset, so that sequences stay indexes.
    private const int Missing = 0;

    private readonly GrowingList<int> _offsets = new();
    private readonly GrowingList<int> _topicIds = new();
    private readonly GrowingList<long> _latestTimes = new();
    private readonly GrowingList<TopicName> _topics = new();
    private readonly GrowingList<Principal?> _publishers = new();
    private readonly GrowingList<int> _stateOffsets = new();
    private readonly SharedTopics _shared = new();
    private Counts _published;
    private volatile bool _hasMissing;
    private long _minTime = long.MaxValue;
    private long _maxTime = long.MinValue;

    public SegmentDirectory(in SegmentHeader header)
    {
        Header = header;
        _publishers.Add(Principal.Hub);
        _published = new Counts(SegmentHeader.Bytes, 0, 0, 1, 0);
    }

    public SegmentHeader Header { get; }

    /// <summary>The sequence behind the last published event.</summary>
    public long NextSequence => Header.FirstSequence + Published.Events;

    /// <summary>How many bytes of the file hold what has been published.</summary>
    public int EndOffset => Published.EndOffset;

    /// <summary>How many events have been published, those that damage took included.</summary>
    public int EventCount => Published.Events;

    /// <inheritdoc/>
    public bool HasMissing => _hasMissing;

    public int TopicCount => Published.Topics;

    public int PublisherCount => Published.Publishers;

    public int StateCount => Published.States;

    /// <summary>The earliest time of an event; <see cref="long.MaxValue"/> when there is none.</summary>
    public long MinTime => Volatile.Read(ref _minTime);

    /// <summary>The latest time of an event; <see cref="long.MinValue"/> when there is none.</summary>
    public long MaxTime => Volatile.Read(ref _maxTime);

    private Counts Published => Volatile.Read(ref _published);

    /// <summary>The number that the next topic gets. The filling thread only, as all that adds.</summary>
    public int NextTopicId => _topics.Count;

    /// <summary>The number that the next publisher gets.</summary>
    public int NextPublisherId => _publishers.Count;

    /// <summary>The sequence that the next event has, if none is missing.</summary>
    public long NextToAdd => Header.FirstSequence + _offsets.Count;

    /// <summary>Adds a topic; numbers that were left out are those of topics whose frames are lost.</summary>
    public void AddTopic(int id, TopicName name)
    {
        while (_topics.Count < id)
            _topics.Add(default);
        _topics.Add(name);
    }

    /// <summary>Adds a publisher; numbers that were left out are those of publishers whose frames are lost.</summary>
    public void AddPublisher(int id, Principal publisher)
    {
        while (_publishers.Count < id)
            _publishers.Add(null);
        _publishers.Add(publisher);
    }

    /// <summary>Adds an event at or above <see cref="NextToAdd"/>; those between are missing.</summary>
    public void AddEvent(long sequence, int offset, int topicId, long time)
    {
        AddMissing(sequence);
        if (time > _maxTime)
            Volatile.Write(ref _maxTime, time);
        if (time < _minTime)
            Volatile.Write(ref _minTime, time);
        var block = _offsets.Count / TimeBlock;
        if (block == _latestTimes.Count)
            _latestTimes.Add(_maxTime);
        else
            _latestTimes[block] = _maxTime;
        _offsets.Add(offset);
        _topicIds.Add(topicId);
    }

    /// <summary>Damage took what stood from <see cref="NextToAdd"/> up to this sequence.</summary>
    public void AddMissing(long upTo)
    {
        while (NextToAdd < upTo)
        {
            if (_offsets.Count / TimeBlock == _latestTimes.Count)
                _latestTimes.Add(_maxTime);
            _hasMissing = true;
            _offsets.Add(Missing);
            _topicIds.Add(-1);
        }
    }

    /// <summary>A frame that whoever restores the hub's state must read: a state frame, or an event that is <see cref="EventFrame.IsState"/>.</summary>
    public void AddState(int offset) => _stateOffsets.Add(offset);

    /// <summary>Everything added so far is in the file, which ends at <paramref name="endOffset"/>: others may read it.</summary>
    public void Publish(int endOffset) => Volatile.Write(
        ref _published, new Counts(endOffset, _offsets.Count, _topics.Count, _publishers.Count, _stateOffsets.Count));

    /// <summary>Forgets what has not been published, because writing it failed. (The times of its events may stay: they only widen a search.)</summary>
    public void Discard()
    {
        var published = Published;
        _offsets.Cut(published.Events);
        _topicIds.Cut(published.Events);
        _latestTimes.Cut((published.Events + TimeBlock - 1) / TimeBlock);
        _topics.Cut(published.Topics);
        _publishers.Cut(published.Publishers);
        _stateOffsets.Cut(published.States);
    }

    /// <summary>Where the event begins in the file; 0 when damage took it. The sequence must be one of the segment's.</summary>
    public int OffsetOf(long sequence) => _offsets[(int)(sequence - Header.FirstSequence)];

    /// <summary>The number of its topic; negative when damage took it.</summary>
    public int TopicIdOf(long sequence) => _topicIds[(int)(sequence - Header.FirstSequence)];

    /// <summary>The name of a topic; the default when its frame is lost.</summary>
    public TopicName Topic(int id) => _topics[id];

    /// <summary>A publisher; null when its frame is lost.</summary>
    public Principal? Publisher(int id) => _publishers[id];

    public int StateOffset(int index) => _stateOffsets[index];

    /// <inheritdoc/>
    public ReadOnlySpan<byte> TopicName(int id) => _topics[id].Utf8;

    /// <inheritdoc/>
    public Topic? Topic(int id, TopicTable table) => _shared.Get(this, id, table);

    /// <inheritdoc/>
    public int Seek(long sequence)
    {
        var (end, next) = (EndOffset, NextSequence);
        for (var at = Math.Max(sequence, Header.FirstSequence); at < next; at++)
        {
            if (OffsetOf(at) is not Missing and var offset)
                return offset;
        }
        return end;
    }

    /// <inheritdoc/>
    public int SeekBehind(int offset)
    {
        var (end, count) = (EndOffset, EventCount);
        // One by one: this is for damage since the last scan.
        for (var index = 0; index < count; index++)
        {
            if (_offsets[index] > offset)
                return _offsets[index];
        }
        return end;
    }

    /// <inheritdoc/>
    public long SeekTime(long time)
    {
        var next = NextSequence;
        int low = 0, high = (int)((next - Header.FirstSequence + TimeBlock - 1) / TimeBlock);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (LatestTime(middle) < time)
                low = middle + 1;
            else
                high = middle;
        }
        return Math.Min(Header.FirstSequence + ((long)low * TimeBlock), next);
    }

    /// <inheritdoc/>
    public bool TryFind(TopicFilter filter, long sequence, int max, List<int> offsets)
    {
        var next = NextSequence; // before the topics: then those of its events are among them
        var count = TopicCount;
        using var matches = new TopicMatches(this, filter, count);
        var first = Math.Max(sequence, Header.FirstSequence);
        // A wide filter has enough of the first events, and few topics are looked at for the last ones. For one that nothing matches the events of a whole segment are
        // many more than its topics.
        var lookAtAll = first + (4L * count);
        for (var at = first; at < next; at++)
        {
            if (at == lookAtAll && offsets.Count == 0 && !matches.Any())
                return true;
            var id = TopicIdOf(at);
            if (id < 0 || !matches[id])
                continue;
            if (offsets.Count == max)
                return false;
            offsets.Add(OffsetOf(at));
        }
        return true;
    }

    /// <summary>
    /// The latest time of all events up to the end of this block of <see cref="TimeBlock"/>. It never falls, though clocks may be set back: the first
    /// event at or after a time is in the first block where it is reached.
    /// </summary>
    public long LatestTime(int block) => _latestTimes[block];

    private sealed record Counts(int EndOffset, int Events, int Topics, int Publishers, int States);
}
