using TelemetryHub.Broker.Recovery;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling;
using TelemetryHub.Core.Log;

namespace TelemetryHub.Broker.Tests.Harness;

/// <summary>
/// A log as the journal is one: it gives every event back by its sequence, though only the newest few are in memory, and it remembers the records of
/// state. <see cref="Recover"/> shows what a hub finds that starts after a crash.
/// </summary>
internal sealed class KeepingLog(int eventsInMemory = 4, long first = 1) : ILog
{
    private const long LostRecord = -1;

    private readonly Tail _tail = new(new TailOptions { MaxEvents = eventsInMemory }, first);
    private readonly Lock _gate = new(); // guards everything below
    private readonly List<(Event? Event, byte[]? Record, long RoutedUpTo)> _items = []; // with how far the router was then
    private readonly Dictionary<long, Event> _kept = [];
    private readonly List<(long Ticket, ILogWaiter Waiter)> _waiting = [];
    private readonly HashSet<long> _refused = [];
    private long _oldestKept = 1;
    private long _keptUpTo;
    private TaskCompletionSource _readAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _readAllowed;
    private readonly HashSet<long> _unreadable = [];

    /// <summary>What is appended is kept only when the test says so.</summary>
    public bool KeepsLater { get; init; }

    /// <summary>Records of state find no room.</summary>
    public bool RefusesRecords { get; set; }

    /// <summary>How many events were read back from the "disk".</summary>
    public int ReadCount { get; private set; }

    /// <summary>The largest number that was asked for at once.</summary>
    public int LargestRead { get; private set; }

    public bool KeepsEvents => true;

    public long Next => _tail.Next;

    public long Oldest => _tail.Oldest;

    public long OldestKept
    {
        get
        {
            lock (_gate)
                return _oldestKept;
        }
    }

    public long RoutedUpTo => _tail.RoutedUpTo;

    /// <summary>How many records of state there are.</summary>
    public int RecordCount
    {
        get
        {
            lock (_gate)
                return _items.Count(item => item.Record is not null);
        }
    }

    /// <summary>How many appends there were, of events and of records.</summary>
    public int AppendCount
    {
        get
        {
            lock (_gate)
                return _items.Count;
        }
    }

    /// <summary>What was appended, an event or a record, and how far the router was then.</summary>
    public IReadOnlyList<(Event? Event, byte[]? Record, long RoutedUpTo)> Appends
    {
        get
        {
            lock (_gate)
                return [.. _items];
        }
    }

    /// <summary>Drops what is below, as retention does.</summary>
    public void DropBelow(long sequence)
    {
        lock (_gate)
        {
            _oldestKept = sequence;
            foreach (var dropped in _kept.Keys.Where(key => key < sequence).ToArray())
                _kept.Remove(dropped);
        }
    }

    /// <summary>Loses one event, as damage does.</summary>
    public void Lose(long sequence)
    {
        lock (_gate)
            _kept.Remove(sequence);
    }

    /// <summary>The disk answers with an error where these stand, until it is told to recover.</summary>
    public void BeUnreadable(params IEnumerable<long> sequences)
    {
        lock (_gate)
            _unreadable.UnionWith(sequences);
    }

    /// <summary>The disk can be read again.</summary>
    public void BeReadable()
    {
        lock (_gate)
            _unreadable.Clear();
    }

    /// <summary>The events appended so far could not be kept, as far as anybody is told; the records are.</summary>
    public void RefuseEvents()
    {
        lock (_gate)
        {
            for (var i = (int)_keptUpTo; i < _items.Count; i++)
            {
                if (_items[i].Event is not null)
                    _refused.Add(i + 1);
            }
        }
        Keep();
    }

    /// <summary>Everything appended so far is kept by now; with <paramref name="andLater"/> what comes later is at once.</summary>
    public void Keep(bool andLater = false)
    {
        List<ILogWaiter> waiting;
        lock (_gate)
        {
            _keptUpTo = andLater ? long.MaxValue : _items.Count;
            waiting = [.. _waiting.Select(wait => wait.Waiter)];
            _waiting.Clear();
        }
        waiting.ForEach(waiter => waiter.OnKept());
    }

    /// <summary>Reading back stands still until the result is disposed.</summary>
    public IDisposable HoldReads()
    {
        _readAsked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _readAllowed = new TaskCompletionSource();
        return new Hold(_readAllowed);
    }

    /// <summary>Somebody reads back, and stands still.</summary>
    public Task ReadAskedAsync() => _readAsked.Task.WaitAsync(TimeSpan.FromSeconds(5));

    /// <summary>
    /// What is kept, or the first so many appends, as another log and the state in it. <paramref name="routedUpTo"/>: how far the router was, as far as
    /// this log was told before the crash; by default everything was routed.
    /// </summary>
    public (KeepingLog Log, RecoveredState State) Recover(TopicTable topics, DateTimeOffset lastTime, long? routedUpTo, int? appends)
    {
        lock (_gate)
        {
            var recovered = new KeepingLog(first: Next + 1000);
            var image = new SessionsImage();
            Dictionary<string, Event> retained = [];
            foreach (var (@event, record, _) in _items.Take(appends ?? (KeepsLater ? (int)Math.Min(_keptUpTo, _items.Count) : _items.Count)))
            {
                recovered._items.Add((@event, record, 0));
                if (record is not null)
                    image.Apply(record);
                if (@event is not null && _kept.ContainsKey(@event.Sequence))
                    recovered._kept.Add(@event.Sequence, CopyOf(@event, topics));
                if (@event is { Session: not 0 })
                    image.Received(@event.Session, @event.PacketId);
                if (@event is { Retain: true })
                    retained[@event.Topic.ToString()] = CopyOf(@event, topics);
            }
            recovered._oldestKept = _oldestKept;
            var unrouted = recovered._kept.Values.Where(@event => @event.Sequence >= (routedUpTo ?? long.MaxValue)).OrderBy(@event => @event.Sequence);
            var state = new RecoveredState([.. retained.Values], [.. unrouted], _ => image, lastTime.ToUnixTimeMilliseconds());
            return (recovered, state);
        }
    }

    public AppendResult TryAppend(Event @event, out long ticket)
    {
        lock (_gate)
        {
            ticket = 0;
            var result = _tail.TryAppend(@event, out _);
            if (result != AppendResult.Appended)
                return result;
            _kept.Add(@event.Sequence, @event);
            _items.Add((@event, null, _tail.RoutedUpTo));
            ticket = _items.Count;
            return result;
        }
    }

    public void ReadBack(ReadOnlySpan<long> sequences, Span<Event?> into)
    {
        _readAsked.TrySetResult();
        _readAllowed?.Task.Wait(TimeSpan.FromSeconds(5));
        lock (_gate)
        {
            ReadCount += sequences.Length;
            LargestRead = Math.Max(LargestRead, sequences.Length);
            for (var i = 0; i < sequences.Length; i++)
            {
                if (i > 0 && sequences[i] < sequences[i - 1])
                    throw new ArgumentException("Sequences ascend.", nameof(sequences));
                if (_unreadable.Contains(sequences[i]))
                    throw new IOException("Input/output error");
                into[i] = _kept.GetValueOrDefault(sequences[i]);
            }
        }
    }

    public long AppendState(StatePart part, ReadOnlySpan<byte> record)
    {
        lock (_gate)
        {
            if (RefusesRecords)
            {
                _refused.Add(LostRecord);
                return LostRecord;
            }
            _items.Add((null, record.ToArray(), _tail.RoutedUpTo));
            return _items.Count;
        }
    }

    public KeptState State(long ticket)
    {
        lock (_gate)
            return _refused.Contains(ticket) ? KeptState.Refused : KeepsLater && ticket > _keptUpTo ? KeptState.Pending : KeptState.Kept;
    }

    public bool WaitUntilKept(long ticket, ILogWaiter waiter)
    {
        lock (_gate)
        {
            if (!KeepsLater || ticket <= _keptUpTo)
                return false;
            _waiting.Add((ticket, waiter));
            return true;
        }
    }

    public bool WaitForSpace(ILogWaiter waiter) => _tail.WaitForSpace(waiter);

    public int Read(long sequence, Span<Event> into) => _tail.Read(sequence, into);

    public void Routed(long sequence) => _tail.Routed(sequence);

    private static Event CopyOf(Event from, TopicTable topics)
    {
        var copy = new Event
        {
            Topic = topics.Get(from.Topic.Name),
            Payload = from.Payload,
            Properties = from.Properties,
            Publisher = from.Publisher,
            Time = from.Time,
            ExpiresAt = from.ExpiresAt,
            QoS = from.QoS,
            Retain = from.Retain,
        };
        new Tail(new TailOptions(), from.Sequence).TryAppend(copy, out _); // numbers it
        return copy;
    }

    private sealed class Hold(TaskCompletionSource allowed) : IDisposable
    {
        public void Dispose() => allowed.SetResult();
    }
}
