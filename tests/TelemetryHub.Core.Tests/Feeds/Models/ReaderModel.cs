using System.Text.Json;
using TelemetryHub.Core.Feeds;
using TelemetryHub.Core.Tests.Feeds.Harness;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Tests.Feeds.Models;

/// <summary>What one reader was promised, and whether that is what it gets, over all its connections.</summary>
internal sealed class ReaderModel(string filters, int leastValue, TimeSpan every, OverflowPolicy overflow, bool withSnapshot, List<PublishedEvent> log)
{
    private readonly TopicFilter[] _filters = [.. filters.Split(',').Select(TopicFilter.Parse)];
    private readonly Dictionary<string, long> _shown = []; // the newest of each topic
    private readonly List<(long From, long To)> _gaps = [];
    private Dictionary<string, long>? _snapshot; // while it comes
    private bool _hasBeenLapped;

    /// <summary>Up to where it has seen everything. -1 = nothing was said yet.</summary>
    public long At { get; private set; } = -1;

    public bool HasEnded { get; private set; }

    private bool IsConflated => every > TimeSpan.Zero;

    public TestReader Open(TestFeeds feeds, bool fromEarliest)
    {
        HasEnded = false;
        _hasBeenLapped = false;
        var start = At >= 0 ? FeedStart.After(new Cursor(feeds.Epoch, At)) : fromEarliest ? FeedStart.Earliest : FeedStart.Live;
        var reader = feeds.Open(filters, start, overflow, withSnapshot, every, leastValue > 0 ? $"x >= {leastValue}" : null, heartbeatSeconds: 5);
        _snapshot = withSnapshot && At < 0 ? [] : null; // who comes back does not get it again
        if (At < 0)
            At = fromEarliest ? 0 : reader.Reader.Position;
        return reader;
    }

    public void Take(JsonElement item)
    {
        var id = item.TryGetProperty("id", out var text) && Cursor.TryParse(text.GetString(), out var cursor) ? cursor.Sequence : -1;
        switch (TestReader.TypeOf(item))
        {
            case "event":
                TakeEvent(item, id);
                break;
            case "gap":
                TakeGap(item, id);
                break;
            case "cursor":
                _snapshot.ShouldBeNull("a heartbeat in the middle of a snapshot");
                MustBeComplete(At, id);
                At = id;
                break;
            case "snapshot-end":
                MustBeSnapshot(_snapshot.ShouldNotBeNull(), id);
                (_snapshot, At) = (null, id);
                break;
            case "bye":
                overflow.ShouldBe(OverflowPolicy.Close);
                item.GetProperty("reason").GetString().ShouldBe("slow");
                HasEnded = true;
                break;
            default:
                throw new InvalidOperationException($"unexpected: {item}");
        }
    }

    /// <summary>It has got everything that there is: is that so?</summary>
    public void MustHaveNewest()
    {
        foreach (var (topic, sequence) in NewestAt(long.MaxValue, allTopics: false))
        {
            if (!_gaps.Any(gap => gap.From < sequence && sequence <= gap.To) && sequence > _firstAt)
                _shown.GetValueOrDefault(topic).ShouldBe(sequence, $"the newest of {topic}");
        }
    }

    private long _firstAt = -1;

    private void TakeEvent(JsonElement item, long id)
    {
        var @event = log.Single(published => published.Sequence == id);
        @event.Topic.ShouldBe(item.GetProperty("topic").GetString());
        IsFor(@event).ShouldBeTrue($"{id} is not for it");
        id.ShouldBeGreaterThan(_shown.GetValueOrDefault(@event.Topic), $"{@event.Topic} again, or older than what was shown");
        _shown[@event.Topic] = id;
        if (_snapshot is not null)
        {
            _snapshot[@event.Topic] = id;
            (At, _firstAt) = (id, _firstAt < 0 ? 0 : _firstAt);
            return;
        }
        id.ShouldBeGreaterThan(At, "the order");
        if (_firstAt < 0)
            _firstAt = At;
        if (!IsConflated && !(overflow == OverflowPolicy.Latest && _hasBeenLapped))
            MustBeComplete(At, id - 1);
        At = id;
    }

    private void TakeGap(JsonElement item, long id)
    {
        var (from, to) = (SequenceOf(item, "from"), SequenceOf(item, "to"));
        to.ShouldBe(id);
        from.ShouldBeGreaterThanOrEqualTo(At);
        MustBeComplete(At, from);
        if (!IsConflated && item.GetProperty("missed") is { ValueKind: JsonValueKind.Number } missed)
            missed.GetInt64().ShouldBe(log.Count(@event => @event.Sequence > from && @event.Sequence <= to && IsFor(@event)), item.ToString());
        else
            (IsConflated || leastValue > 0).ShouldBeTrue($"it can be known: {item}");
        overflow.ShouldBe(OverflowPolicy.Gap);
        item.GetProperty("reason").GetString().ShouldBeOneOf("slow", "overload");
        _gaps.Add((from, to));
        At = to;
    }

    private void MustBeSnapshot(Dictionary<string, long> snapshot, long asOf)
    {
        var newest = NewestAt(asOf, allTopics: true);
        snapshot.ShouldBeSubsetOf(newest);
        // What has got a newer event meanwhile comes by that.
        foreach (var (topic, sequence) in newest.Except(snapshot))
            log.ShouldContain(@event => @event.Topic == topic && @event.Sequence > sequence);
    }

    // Nothing that it should have got lies between.
    private void MustBeComplete(long from, long upTo)
    {
        if (overflow == OverflowPolicy.Latest)
            _hasBeenLapped = true; // it may have been
        foreach (var @event in log.Where(@event => @event.Sequence > from && @event.Sequence <= upTo && IsFor(@event)))
        {
            var isSuperseded = (IsConflated || overflow == OverflowPolicy.Latest) && log.Any(other => other.Sequence > @event.Sequence && other.Topic == @event.Topic && IsFor(other));
            (isSuperseded || _shown.GetValueOrDefault(@event.Topic) >= @event.Sequence).ShouldBeTrue($"{@event.Sequence} is missing between {from} and {upTo}");
        }
    }

    private Dictionary<string, long> NewestAt(long upTo, bool allTopics) => log
        .Where(@event => @event.Sequence <= upTo && (allTopics || IsFor(@event)) && Matches(@event))
        .GroupBy(@event => @event.Topic)
        .Select(topic => topic.MaxBy(@event => @event.Sequence)!)
        .Where(IsFor)
        .ToDictionary(@event => @event.Topic, @event => @event.Sequence);

    private bool IsFor(PublishedEvent @event) => Matches(@event) && @event.Value >= leastValue;

    private bool Matches(PublishedEvent @event) => TopicName.TryParse(System.Text.Encoding.UTF8.GetBytes(@event.Topic), out var name) && _filters.Any(filter => filter.Matches(name));

    private static long SequenceOf(JsonElement item, string property) =>
        Cursor.TryParse(item.GetProperty(property).GetString(), out var cursor) ? cursor.Sequence : throw new FormatException(item.ToString());
}
