using TelemetryHub.Core.Events;

namespace TelemetryHub.Core.Feeds.Replays;

/// <summary>
/// The newest event of every topic, as of a sequence, in order. It holds the topics, not the events: a reader that is slow with it must not keep for long what has been replaced
/// meanwhile. A topic that has got a newer event is left out, for that comes behind the snapshot. One thread at a time.
/// </summary>
internal sealed class Snapshot
{
    private readonly Feed _feed;
    private readonly long _upTo;
    private readonly Topic[] _topics;

    public Snapshot(Feed feed, long upTo)
    {
        (_feed, _upTo) = (feed, upTo);
        _topics = [.. feed.FindTopics()];
        var sequences = Array.ConvertAll(_topics, topic => topic.Latest?.Sequence ?? long.MaxValue);
        Array.Sort(sequences, _topics);
    }

    /// <summary>The events that are for the feed.</summary>
    public IEnumerable<Event> Events()
    {
        var last = 0L;
        foreach (var topic in _topics)
        {
            if (topic.Latest is { } latest && latest.Sequence <= _upTo && latest.Sequence > last && _feed.Wants(latest))
            {
                last = latest.Sequence;
                yield return latest;
            }
        }
    }
}
