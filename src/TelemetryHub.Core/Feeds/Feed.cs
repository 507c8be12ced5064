using System.Buffers;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Feeds.Encodings;
using TelemetryHub.Core.Feeds.Replays;
using TelemetryHub.Core.Feeds.Reports;
using TelemetryHub.Core.Feeds.Rings;
using TelemetryHub.Core.Journaling.Reading;
using TelemetryHub.Core.Routing;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Core.Feeds;

/// <summary>
/// The events of one definition, encoded once, for all who read it. The router hands it pointers; it encodes in its loop and wakes the readers that stand at the end.
/// </summary>
internal sealed class Feed : ISubscriber, IDisposable
{
    // What is encoded in one go before the readers are woken; the loop has others to serve as well.
    private const int PieceBytes = 256 << 10;

    private readonly FeedTable _table;
    private readonly IFeedLoop _loop;
    private readonly Action _work;
    private readonly Inbox _inbox;
    private readonly Conflation? _conflation;
    private readonly Lock _attaching = new(); // guards _subscriptions
    private readonly Lock _working = new(); // one thread encodes at a time: keeps the order. Guards the conflation
    private readonly Lock _gate = new(); // guards the ring, the readers and who of them waits
    private readonly List<FeedReader> _readers = [];
    private readonly List<FeedReader> _parked = [];
    private readonly List<FeedReader> _woken = []; // within _working
    private Subscription[] _subscriptions = [];
    private FeedRing _ring = new(0);
    private long _completeFrom;

    public Feed(FeedTable table, FeedDefinition definition, IFeedLoop loop)
    {
        (_table, Definition, _loop, _work) = (table, definition, loop, Work);
        _inbox = new Inbox(table.Settings);
        Context = new EncodingContext(table.EpochUtf8, definition.Fields);
        if (definition.Every > TimeSpan.Zero)
            _conflation = new Conflation(definition.Every, table.Time, () => loop.Post(_work));
        var isAll = definition.Filters.Filters.Length == 1 && definition.Filters.Filters[0].Utf8.SequenceEqual("#"u8);
        TakesEverything = isAll && definition.Where is null && _conflation is null;
    }

    public FeedDefinition Definition { get; }

    public IEventEncoding Encoding => Definition.Encoding;

    public EncodingContext Context { get; }

    public IFeedLoop Loop => _loop;

    public PageCache Pages { get; } = new();

    /// <summary>How many readers it has or is about to have. Guarded by the table's lock.</summary>
    public int Users { get; set; }

    /// <summary>Whether every event of the log is for it (but for topics that begin with $).</summary>
    public bool TakesEverything { get; }

    public long RoutedUpTo => _table.Journal.RoutedUpTo;

    public bool IsConflating => _conflation is not null;

    Principal ISubscriber.Principal => Definition.Principal;

    bool ISubscriber.IsReady => true;

    bool ISubscriber.Deliver(in Delivery delivery) => _inbox.Push(delivery.Event);

    void ISubscriber.Wake() => _loop.Post(_work);

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
                _table.Router.Subscribe(subscriptions[i], null, _ => CompleteFrom(RoutedUpTo));
            }
            _subscriptions = subscriptions;
        }
    }

    /// <summary>Its last reader has gone.</summary>
    public void Dispose()
    {
        lock (_attaching)
            _table.Router.Unsubscribe(_subscriptions);
        lock (_working)
            _conflation?.Dispose();
    }

    public void Add(FeedReader reader)
    {
        lock (_gate)
        {
            reader.PlaceInReaders = _readers.Count;
            _readers.Add(reader);
        }
    }

    public void Remove(FeedReader reader)
    {
        lock (_gate)
        {
            Unpark(reader);
            if (reader.PlaceInReaders < 0)
                return;
            var last = _readers[^1];
            (_readers[reader.PlaceInReaders], last.PlaceInReaders) = (last, reader.PlaceInReaders);
            _readers.RemoveAt(_readers.Count - 1);
            reader.PlaceInReaders = -1;
        }
    }

    /// <summary>Every event up to this sequence has been handed to whoever stands at the end of the ring.</summary>
    public long Covered
    {
        get
        {
            // First: what is routed by now is in the inbox, in the ring, or between the two.
            var routed = RoutedUpTo;
            lock (_gate)
                return _inbox.IsQuiet && _conflation is not { IsHolding: true } ? Math.Max(routed - 1, _ring.LastSequence) : _ring.LastSequence;
        }
    }

    /// <summary>With a reader that stands at the end of the ring: up to where it has seen everything. False when there is something for it.</summary>
    public bool TryCover(long index, out long covered)
    {
        lock (_gate)
        {
            covered = Covered;
            return index == _ring.End;
        }
    }

    /// <summary>Where the ring goes on for a reader that begins now.</summary>
    public long JoinAtEnd(out long position)
    {
        lock (_gate)
        {
            position = Covered;
            return _ring.End;
        }
    }

    /// <summary>Whether everything behind this sequence is in the ring or still to come.</summary>
    public bool CanJoin(long position)
    {
        lock (_gate)
            return position >= _ring.CompleteBehind;
    }

    /// <summary>Where the ring goes on for a reader that has seen everything up to a sequence. False when it does not reach back so far.</summary>
    public bool TryJoin(long position, out long index)
    {
        lock (_gate)
        {
            index = _ring.IndexBehind(position);
            return position >= _ring.CompleteBehind;
        }
    }

    /// <summary>Copies from the ring for a reader, and moves it. False: it has been lapped, and nothing was copied.</summary>
    public bool TryRead(FeedReader reader, ref long index, ref long position, IBufferWriter<byte> output, int budgetBytes, out int copied, out bool isAtEnd)
    {
        (copied, isAtEnd) = (0, false);
        lock (_gate)
        {
            if (index < _ring.First)
                return false;
            if (index < _ring.End)
            {
                copied = _ring.Copy(ref index, output, budgetBytes);
                position = _ring.SequenceBefore(index);
            }
            isAtEnd = index == _ring.End;
            if (isAtEnd)
                Park(reader);
            return true;
        }
    }

    /// <summary>Moves a lapped reader on, and returns how many events it misses by that.</summary>
    public long JumpOn(ref long index, out long position)
    {
        lock (_gate)
        {
            var to = _ring.JumpTarget;
            var missed = to - index;
            (index, position) = (to, _ring.SequenceBefore(to));
            return missed;
        }
    }

    /// <summary>How many events of the ring are before a reader with this index.</summary>
    public long Behind(long index)
    {
        lock (_gate)
            return _ring.End - index + _inbox.Count;
    }

    public bool Wants(Event @event) =>
        Definition.Filters.Matches(@event.Topic.Name)
        && _table.Access.MayReceive(Definition.Principal, @event.Topic.Name)
        && Definition.Where?.Matches(@event.Payload) != false;

    /// <summary>The newest known event of every topic that is not behind a sequence, in order.</summary>
    public Event[] Latest(long upTo)
    {
        var newest = new Newest();
        foreach (var filter in Definition.Filters.Filters)
        {
            foreach (var topic in _table.Topics.Find(filter))
            {
                if (topic.Latest is { } latest && latest.Sequence <= upTo && Wants(latest))
                    newest.Put(latest);
            }
        }
        return newest.Take();
    }

    /// <summary>What a reader with this start has seen: the sequence before the first that it gets. Blocks on the disk.</summary>
    public long PlaceOf(FeedStart start) => _table.PlaceOf(start);

    public LogSource OpenSource() => new(_table.Journal, Definition.Filters);

    public void ReportUnreadable(IOException error) => _table.ReportUnreadable(error);

    public FeedReport Report()
    {
        lock (_gate)
            return new FeedReport(Definition, _ring.End - _ring.First, _ring.Bytes, [.. _readers.Select(reader => reader.Report())]);
    }

    public FeedReader[] Readers
    {
        get
        {
            lock (_gate)
                return [.. _readers];
        }
    }

    // In the loop.
    private void Work()
    {
        lock (_working)
        {
            var batch = EventBatch.OfThisThread;
            var items = EncodedItems.Rent();
            int count;
            do
            {
                count = _inbox.Take(batch, out var dropped, out var lastDropped);
                if (dropped > 0)
                    Skip(dropped, lastDropped);
                for (var i = 0; i < count; i++)
                    Take(batch[i], items);
                Array.Clear(batch, 0, count);
            }
            while (count == batch.Length && items.Bytes.Length < PieceBytes);
            _conflation?.Flush(@event => Encode(@event, items));
            Append(items);
            _conflation?.Flushed();
            items.Return();
            // While everything is held back until a moment that is set, a thread need not be woken for each event.
            if (!_inbox.TryRest(worthWork: _conflation is { HasTimer: true } ? batch.Length : 1))
                _loop.Post(_work);
        }
    }

    // With the last of its filters. What came by the ones before is not all there is, and not taken.
    private void CompleteFrom(long sequence)
    {
        Volatile.Write(ref _completeFrom, sequence);
        lock (_gate)
            _ring = new FeedRing(sequence - 1);
    }

    private void Take(Event @event, EncodedItems items)
    {
        if (@event.Sequence < Volatile.Read(ref _completeFrom))
            return;
        if (Definition.Where?.Matches(@event.Payload) == false)
            return;
        if (_conflation is null)
            Encode(@event, items);
        else
            _conflation.Hold(@event);
    }

    private void Encode(Event @event, EncodedItems items)
    {
        Encoding.WriteEvent(items, @event, Context);
        items.EndItem(@event.Sequence);
    }

    private void Append(EncodedItems items)
    {
        if (items.Items.IsEmpty)
            return;
        lock (_gate)
        {
            _ring.Append(items, _table.RingBytes);
            TakeParked();
        }
        WakeParked();
    }

    private void Skip(long dropped, long lastDropped)
    {
        lock (_gate)
        {
            _ring.Skip(dropped, lastDropped);
            TakeParked();
        }
        WakeParked();
    }

    private void TakeParked()
    {
        foreach (var reader in _parked)
            reader.PlaceInParked = -1;
        _woken.AddRange(_parked);
        _parked.Clear();
    }

    private void WakeParked()
    {
        foreach (var reader in _woken)
            reader.Wake();
        _woken.Clear();
    }

    private void Park(FeedReader reader)
    {
        if (reader.PlaceInParked >= 0)
            return;
        reader.PlaceInParked = _parked.Count;
        _parked.Add(reader);
    }

    private void Unpark(FeedReader reader)
    {
        if (reader.PlaceInParked < 0)
            return;
        var last = _parked[^1];
        (_parked[reader.PlaceInParked], last.PlaceInParked) = (last, reader.PlaceInParked);
        _parked.RemoveAt(_parked.Count - 1);
        reader.PlaceInParked = -1;
    }
}
