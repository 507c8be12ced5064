using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Feeds.Encodings;
using TelemetryHub.Core.Feeds.Replays;
using TelemetryHub.Core.Feeds.Reports;
using TelemetryHub.Core.Feeds.Rings;
using TelemetryHub.Core.Routing;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Core.Feeds;

/// <summary>
/// The events of one definition, encoded once, for all who read it. The router hands it pointers; it encodes in its loop and wakes the readers that stand at the end.
/// </summary>
internal sealed class Feed : ISubscriber, IDisposable
{
    private readonly FeedTable _table;
    private readonly FeedEncoder _encoder;
    private readonly Lock _attaching = new(); // guards the subscriptions
    private readonly Lock _listing = new(); // guards the readers
    private readonly List<FeedReader> _readers = [];
    private Subscription[] _subscriptions = [];
    private bool _isComplete; // guarded by the router, as all that it calls

    public Feed(FeedTable table, FeedDefinition definition, IFeedLoop loop)
    {
        (_table, Definition, Loop) = (table, definition, loop);
        Context = new EncodingContext(table.EpochUtf8, definition.Fields);
        Ring = new SharedRing(this);
        _encoder = new FeedEncoder(this, table);
        var isAll = definition.Filters.Filters.Length == 1 && definition.Filters.Filters[0].Utf8.SequenceEqual("#"u8);
        TakesEverything = isAll && !IsSelective;
    }

    public FeedDefinition Definition { get; }

    public IEventEncoding Encoding => Definition.Encoding;

    public EncodingContext Context { get; }

    public IFeedLoop Loop { get; }

    public SharedRing Ring { get; }

    public PageCache Pages { get; } = new();

    /// <summary>How many readers it has or is about to have. Guarded by the table's lock.</summary>
    public int Users { get; set; }

    public bool IsConflating => Definition.Every > TimeSpan.Zero;

    /// <summary>Whether it leaves out events of its topics.</summary>
    public bool IsSelective => IsConflating || Definition.Where is not null;

    /// <summary>Whether every event of the log is for it (but for topics that begin with $).</summary>
    public bool TakesEverything { get; }

    public long RoutedUpTo => _table.Journal.RoutedUpTo;

    /// <summary>Whether everything that was routed is in the ring, or not for it.</summary>
    public bool IsQuiet => _encoder.IsQuiet;

    Principal ISubscriber.Principal => Definition.Principal;

    bool ISubscriber.IsReady => true;

    // What comes by its first filters before the last one is there is not all there is.
    bool ISubscriber.Deliver(in Delivery delivery) => _isComplete && _encoder.Push(delivery.Event);

    void ISubscriber.Wake() => _encoder.Post();

    /// <summary>Has the router hand it events, if it does not yet.</summary>
    public void Attach()
    {
        lock (_attaching)
        {
            if (_subscriptions.Length > 0)
                return;
            var filters = Definition.Filters.Filters;
            var subscriptions = new Subscription[filters.Length];
            for (var i = 0; i < filters.Length; i++)
            {
                subscriptions[i] = new Subscription { Target = this, Filter = filters[i], MaxQoS = QoS.ExactlyOnce, RetainHandling = RetainHandling.Never };
                _table.Router.Subscribe(subscriptions[i], null, i == filters.Length - 1 ? _ => Complete() : null);
            }
            _subscriptions = subscriptions;
        }
    }

    /// <summary>Its last reader has gone.</summary>
    public void Dispose()
    {
        lock (_attaching)
            _table.Router.Unsubscribe(_subscriptions);
        _encoder.Dispose();
    }

    public void Add(FeedReader reader)
    {
        lock (_listing)
        {
            reader.PlaceInReaders = _readers.Count;
            _readers.Add(reader);
        }
    }

    public void Remove(FeedReader reader)
    {
        Ring.Remove(reader);
        lock (_listing)
        {
            if (reader.PlaceInReaders < 0)
                return;
            var last = _readers[^1];
            (_readers[reader.PlaceInReaders], last.PlaceInReaders) = (last, reader.PlaceInReaders);
            _readers.RemoveAt(_readers.Count - 1);
            reader.PlaceInReaders = -1;
        }
    }

    public FeedReader[] Readers
    {
        get
        {
            lock (_listing)
                return [.. _readers];
        }
    }

    /// <summary>How many events are before a reader with this index.</summary>
    public long Behind(long index) => Ring.Behind(index) + _encoder.Count;

    public bool Wants(Event @event) =>
        Definition.Filters.Matches(@event.Topic.Name)
        && _table.Access.MayReceive(Definition.Principal, @event.Topic.Name)
        && Definition.Where?.Matches(@event.Payload) != false;

    /// <summary>Every topic of its filters that has a latest value.</summary>
    public IEnumerable<Topic> FindTopics() => Definition.Filters.Filters.ToArray().SelectMany(_table.Topics.Find).Distinct();

    /// <summary>What a reader with this start has seen: the sequence before the first that it gets. Blocks on the disk.</summary>
    public long PlaceOf(FeedStart start) => _table.PlaceOf(start);

    public LogSource OpenSource() => new(_table.Journal, Definition.Filters);

    public void ReportUnreadable(IOException error) => _table.ReportUnreadable(error);

    public FeedReport Report()
    {
        var (count, bytes) = Ring.Size;
        return new FeedReport(Definition, count, bytes, [.. Readers.Select(reader => reader.Report())]);
    }

    // By the router, with the last of the filters.
    private void Complete()
    {
        _isComplete = true;
        Ring.Begin(RoutedUpTo - 1);
    }
}
