using System.Collections.Concurrent;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Events;

/// <summary>
/// The topics in use, found by their bytes. Bounded in bytes by two generations: when the young one has its half of the budget,
/// the old one is forgotten and the young one becomes old; a topic that is used again moves to the young one. So what was
/// published longest ago goes first, and nothing is scanned. Forgetting a topic loses its latest value and its cached match, never an
/// event.
/// </summary>
public sealed class TopicTable(long maxBytes)
{
    // The entry, its name's array, the dictionary's node.
    private const int TopicOverheadBytes = 200;

    private readonly Lock _gate = new(); // held by whoever changes the generations or what is in them; they are read without it
    private volatile Generations _now = new(0, New(), New());
    private long _youngBytes;
    private long _evicted;

    /// <summary>Topics forgotten so far to stay within the budget.</summary>
    public long Evicted => Volatile.Read(ref _evicted);

    /// <summary>How many topics are known.</summary>
    public int Count => _now.Young.Count + _now.Old.Count;

    /// <summary>Finds or makes the topic of a name that has been checked with <see cref="TopicName.IsValid"/>. Any thread.</summary>
    public Topic Get(ReadOnlySpan<byte> validName) =>
        _now.YoungByBytes.TryGetValue(validName, out var topic) ? topic : GetYoung(validName);

    /// <summary>Finds or makes the topic of a name. Any thread.</summary>
    public Topic Get(TopicName name) => Get(name.Utf8);

    /// <summary>
    /// Finds the topic of a name if it is in use, and does not use it: whoever reads what was long ago must not make the table forget what is now. Any thread.
    /// </summary>
    public Topic? Peek(ReadOnlySpan<byte> name)
    {
        var now = _now;
        return now.YoungByBytes.TryGetValue(name, out var topic) || now.OldByBytes.TryGetValue(name, out topic) ? topic : null;
    }

    /// <summary>Is this cached topic still the one that the table would give, and among those used last?</summary>
    public bool IsCurrent(Topic topic) => topic.Generation == _now.Number;

    /// <summary>Is it one of the table, which has not been forgotten?</summary>
    internal bool IsKnown(Topic topic) => topic.Generation >= _now.Number - 1;

    /// <summary>Every topic that matches and has a latest value. Any thread.</summary>
    public IReadOnlyCollection<Topic> Find(TopicFilter filter)
    {
        var found = new HashSet<Topic>();
        for (Generations? seen = null; seen != _now;)
        {
            // Topics move from old to young meanwhile: hence the old ones first, and all again after a rotation.
            seen = _now;
            foreach (var (name, topic) in seen.Old.Concat(seen.Young))
            {
                if (topic.Latest is not null && filter.Matches(name))
                    found.Add(topic);
            }
        }
        return found;
    }

    /// <summary>Accounts for a latest value that was set or replaced. The router only.</summary>
    internal void SetLatest(Topic topic, Event latest)
    {
        // Its publisher may have kept the topic for long (a will), or it was forgotten while the event waited to be routed.
        var current = IsCurrent(topic) ? topic : Get(topic.Name);
        var grown = latest.SizeBytes - (current.Latest?.SizeBytes ?? 0);
        current.Latest = latest;
        Grow(grown);
    }

    /// <summary>
    /// Sets a latest value of before, unless a newer one is known. False when there is no room for it but by forgetting something. The router only.
    /// </summary>
    internal bool TryRemember(Event past)
    {
        var known = Peek(past.Topic.Name.Utf8);
        if (known?.Latest is { } latest && latest.Sequence >= past.Sequence)
            return true;
        var cost = past.Topic.Name.Utf8.Length + TopicOverheadBytes + past.SizeBytes;
        if (Volatile.Read(ref _youngBytes) + cost > maxBytes / 2)
            return false;
        SetLatest(past.Topic, past);
        return true;
    }

    private static ConcurrentDictionary<TopicName, Topic> New() => new(TopicNameComparer.Instance);

    private Topic GetYoung(ReadOnlySpan<byte> validName)
    {
        lock (_gate)
        {
            var now = _now;
            if (now.YoungByBytes.TryGetValue(validName, out var topic))
                return topic;
            if (!now.OldByBytes.TryGetValue(validName, out topic))
                topic = Make(validName);
            topic.Generation = now.Number;
            now.Young.TryAdd(topic.Name, topic);
            now.Old.TryRemove(topic.Name, out _); // after the add: for Find it is in one of them at any time
            Grow(topic.Name.Utf8.Length + TopicOverheadBytes + (topic.Latest?.SizeBytes ?? 0));
            return topic;
        }
    }

    private static Topic Make(ReadOnlySpan<byte> validName) => TopicName.TryParse(validName, out var name)
        ? new Topic(name)
        : throw new ArgumentException("The name was not checked.", nameof(validName));

    private void Grow(int bytes)
    {
        if (Interlocked.Add(ref _youngBytes, bytes) > maxBytes / 2)
            Rotate();
    }

    private void Rotate()
    {
        lock (_gate)
        {
            if (Volatile.Read(ref _youngBytes) <= maxBytes / 2)
                return; // another thread was here first
            var before = _now;
            Interlocked.Add(ref _evicted, before.Old.Count);
            // Retained messages, queues and aliases may hold a forgotten topic for long; they must not hold its newest payload with it.
            foreach (var (_, forgotten) in before.Old)
                forgotten.Latest = null;
            Volatile.Write(ref _youngBytes, 0);
            _now = new Generations(before.Number + 1, New(), before.Young);
        }
    }

    private sealed class Generations(int number, ConcurrentDictionary<TopicName, Topic> young, ConcurrentDictionary<TopicName, Topic> old)
    {
        public int Number { get; } = number;
        public ConcurrentDictionary<TopicName, Topic> Young { get; } = young;
        public ConcurrentDictionary<TopicName, Topic> Old { get; } = old;
        public ConcurrentDictionary<TopicName, Topic>.AlternateLookup<ReadOnlySpan<byte>> YoungByBytes { get; } = ByBytes(young);
        public ConcurrentDictionary<TopicName, Topic>.AlternateLookup<ReadOnlySpan<byte>> OldByBytes { get; } = ByBytes(old);

        private static ConcurrentDictionary<TopicName, Topic>.AlternateLookup<ReadOnlySpan<byte>> ByBytes(
            ConcurrentDictionary<TopicName, Topic> topics) => topics.GetAlternateLookup<ReadOnlySpan<byte>>();
    }
}
