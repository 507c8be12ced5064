using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Feeds.Control;
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
    private const int MaxPieceBytes = 256 << 10;
    private const int MaxPieceBatches = 8;

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
    private long _lastTaken; // out of the inbox, within _working
    private bool _isComplete; // guarded by the router, as all that it calls

    public Feed(FeedTable table, FeedDefinition definition, IFeedLoop loop)
    {
        (_table, Definition, _loop, _work) = (table, definition, loop, Work);
        _inbox = new Inbox(table);
        Context = new EncodingContext(table.EpochUtf8, definition.Fields);
        if (definition.Every > TimeSpan.Zero)
            _conflation = new Conflation(definition.Every, table, () => loop.Post(_work));
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

    // What comes by its first filters before the last one is there is not all there is.
    bool ISubscriber.Deliver(in Delivery delivery) => _isComplete && _inbox.Push(delivery.Event);

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

    /// <summary>
    /// Where the ring goes on for a reader that has seen everything up to a sequence. False when it does not reach back so far. When the reader has seen more than the feed has
    /// encoded (in the log, or in another feed), it passes over that when it comes.
    /// </summary>
    public bool TryJoin(FeedReader reader, long position, out long index)
    {
        lock (_gate)
        {
            index = _ring.IndexBehind(position);
            reader.IsAhead = position > Covered;
            return position >= _ring.CompleteBehind;
        }
    }

    /// <summary>Copies from the ring for a reader, and moves it. False: it has been lapped, and nothing was copied.</summary>
    public bool TryRead(FeedReader reader, ref long index, ref long position, IBufferWriter<byte> output, int budgetBytes, out int copied, out bool isAtEnd)
    {
        (copied, isAtEnd) = (0, false);
        lock (_gate)
        {
            if (index < _ring.First && position < _ring.CompleteBehind)
                return false;
            if (index < _ring.First || reader.IsAhead)
                (index, reader.IsAhead) = (_ring.IndexBehind(position), position > Covered);
            if (index < _ring.End)
            {
                copied = _ring.Copy(ref index, output, budgetBytes);
                position = _ring.SequenceBefore(index);
                reader.IsAhead = false;
            }
            isAtEnd = index == _ring.End;
            if (isAtEnd)
                Park(reader);
            return true;
        }
    }

    /// <summary>Moves a lapped reader on, and returns what it misses by that.</summary>
    public Gap JumpOn(FeedReader reader, ref long index, ref long position)
    {
        lock (_gate)
        {
            var (to, from) = (_ring.JumpTarget, position);
            var isSkipped = _ring.IsSkipped(index);
            // Of what was not encoded nobody knows how much the feed would have given.
            var isKnown = !reader.IsAhead && (!isSkipped || (Definition.Where is null && _conflation is null));
            var gap = new Gap(isKnown ? to - index : null, from, _ring.SequenceBefore(to), isSkipped ? MissedReason.Overload : MissedReason.Slow);
            (index, position, reader.IsAhead) = (to, gap.To, false);
            return gap;
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

    /// <summary>Every topic of its filters that has a latest value.</summary>
    public IEnumerable<Topic> FindTopics() => Definition.Filters.Filters.ToArray().SelectMany(_table.Topics.Find).Distinct();

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

    /// <summary>Makes the ring small enough, when there are more feeds than there were.</summary>
    public void Trim()
    {
        lock (_gate)
            _ring.Trim(_table.RingBytes);
    }

    // By the router, with the last of the filters.
    private void Complete()
    {
        _isComplete = true;
        lock (_gate)
            _ring = new FeedRing(RoutedUpTo - 1);
    }

    // In the loop.
    private void Work()
    {
        lock (_working)
        {
            var items = EncodedItems.Rent();
            EncodePiece(items);
            Append(items);
            _conflation?.Taken();
            items.Return();
            // While everything is held back until a moment that is set, a thread need not be woken for each event.
            var isResting = _inbox.TryRest(worthWork: _conflation is { HasTimer: true } ? EventBatch.Size : 1);
            if (!isResting || _conflation is { IsGoing: true })
                _loop.Post(_work);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "A bug costs the readers of this feed, is reported, and must not end the loop that others live by.")]
    private void EncodePiece(EncodedItems items)
    {
        // A part of the ring, so that who keeps up is not lapped by one piece.
        var pieceBytes = (int)Math.Min(MaxPieceBytes, _table.RingBytes / 4);
        try
        {
            for (var batches = 0; batches < MaxPieceBatches && items.Bytes.Length < pieceBytes && TakeBatch(items, pieceBytes); batches++)
            {
                // more
            }
            while (items.Bytes.Length < pieceBytes && _conflation?.TryTake(out var @event) == true)
                Encode(@event, items);
        }
        catch (Exception fault)
        {
            Fail(fault, items);
        }
    }

    // False when there is no more.
    private bool TakeBatch(EncodedItems items, int pieceBytes)
    {
        var batch = EventBatch.OfThisThread;
        // What is only held back is not encoded yet.
        var count = _inbox.Take(batch, _conflation is null ? pieceBytes - items.Bytes.Length : long.MaxValue, out var dropped, out var lastDropped);
        if (dropped > 0)
            Skip(dropped, lastDropped, items);
        _lastTaken = count > 0 ? batch[count - 1].Sequence : _lastTaken;
        try
        {
            for (var i = 0; i < count; i++)
                Take(batch[i], items);
        }
        finally
        {
            Array.Clear(batch, 0, count);
        }
        return count == batch.Length;
    }

    private void Take(Event @event, EncodedItems items)
    {
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

    // What is before them is older, and the readers that stand before it are lapped by this anyway.
    private void Skip(long dropped, long lastDropped, EncodedItems items)
    {
        dropped += items.Items.Length;
        items.Clear();
        _conflation?.Clear();
        lock (_gate)
        {
            _ring.Skip(dropped, lastDropped);
            TakeParked();
        }
        WakeParked();
    }

    // Nobody goes on over what could not be encoded: whoever comes back finds it in the log, and is told there.
    private void Fail(Exception fault, EncodedItems items)
    {
        _table.ReportFault(fault);
        Skip(1, _lastTaken, items);
        foreach (var reader in Readers)
            reader.Close(ByeReason.Failed);
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
