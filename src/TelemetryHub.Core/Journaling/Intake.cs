using TelemetryHub.Core.Events;
using TelemetryHub.Core.Log;

namespace TelemetryHub.Core.Journaling;

/// <summary>
/// Where publishers and the broker put things into the journal: gives every append its number and keeps it for the writer. While the disk fails, what asks
/// for more than memory is refused, and the rest goes on live without being written.
/// </summary>
internal sealed class Intake(Tail tail, JournalSettings settings, WriterSignal signal, JournalHealth health, long routedBefore, TimeProvider time) : IDisposable
{
    // What the writer has not taken: enough to gather while a slow disk syncs.
    private const long MaxPendingBytes = 64L << 20;
    private const long WakeBytes = 256 << 10;
    private const long MaxStateBytes = 2 * MaxPendingBytes; // when publishers wait, records go on to come of what they published before

    private readonly Lock _gate = new(); // guards everything below, and that the tail and the batch have one order
    private PendingAppends _pending = new();
    private PendingAppends? _taken; // by the writer, which may not have written it
    private List<ILogWaiter> _waitingForSpace = [];
    private ITimer? _patience; // of those who wait for space
    private long _number;
    private long _refusedFrom = long.MaxValue; // no sequence from here on may be given while the disk fails
    private long _restFrom = routedBefore; // until what an earlier run left unrouted has been routed
    private bool _isFailed, _isClosed;

    /// <summary>The sequence that the next event will have.</summary>
    public long Next => tail.Next;

    /// <summary>What a start would not have to route again.</summary>
    public long RoutedUpTo => Math.Min(Volatile.Read(ref _restFrom), tail.RoutedUpTo);

    /// <summary>What waits to be written, or is being written.</summary>
    public (long Events, long Bytes) Pending
    {
        get
        {
            lock (_gate)
                return (_pending.Events.Count + (_taken?.Events.Count ?? 0), _pending.TotalBytes + (_taken?.TotalBytes ?? 0));
        }
    }

    public bool HasPending => Volatile.Read(ref _pending) is { IsEmpty: false };

    public AppendResult TryAppend(Event @event, out long ticket)
    {
        var level = @event.QoS == Mqtt.QoS.AtMostOnce ? AcknowledgeLevel.Memory : LevelOf(@event.Topic);
        var wasEmpty = false;
        var isMuch = false;
        lock (_gate)
        {
            ticket = 0;
            var isLiveOnly = _isFailed || (level == AcknowledgeLevel.Memory && IsFull && IsStanding);
            if (_isClosed || (_isFailed && (level != AcknowledgeLevel.Memory || tail.Next >= _refusedFrom)))
                return AppendResult.Refused;
            if (!isLiveOnly && IsFull)
                return AppendResult.Full;
            if (tail.TryAppend(@event, out _) == AppendResult.Full)
                return AppendResult.Full;
            ticket = new Ticket(++_number, (TicketKind)level).Value;
            if (isLiveOnly)
            {
                health.CountNotWritten();
                return AppendResult.Appended;
            }
            wasEmpty = _pending.IsEmpty;
            _pending.Add(@event);
            isMuch = _pending.Bytes >= WakeBytes;
        }
        Wake(wasEmpty, isMuch);
        return AppendResult.Appended;
    }

    public long AppendState(StatePart part, ReadOnlySpan<byte> record)
    {
        bool wasEmpty;
        long ticket;
        lock (_gate)
        {
            ticket = new Ticket(++_number, TicketKind.State).Value;
            if (_pending.State.Bytes >= MaxStateBytes)
            {
                // Only when the disk has failed for long. What depends on the record is refused; what a restart finds is older.
                health.CountStateLost();
                return settings.Acknowledge.Default == AcknowledgeLevel.Memory ? 0 : Ticket.LostRecord.Value;
            }
            wasEmpty = _pending.IsEmpty;
            _pending.State.Add(part, record, _pending.Events.Count);
        }
        Wake(wasEmpty, isMuch: false);
        return settings.Acknowledge.Default == AcknowledgeLevel.Memory ? 0 : ticket;
    }

    public bool WaitForSpace(ILogWaiter waiter)
    {
        lock (_gate)
        {
            if (IsFull)
            {
                _waitingForSpace.Add(waiter);
                if (_waitingForSpace.Count == 1)
                    BePatient();
                return true;
            }
        }
        return tail.WaitForSpace(waiter);
    }

    /// <summary>The writer takes everything, and leaves an empty batch.</summary>
    public PendingAppends Take(PendingAppends empty)
    {
        PendingAppends taken;
        List<ILogWaiter>? ready = null;
        lock (_gate)
        {
            _taken = taken = _pending;
            taken.UpTo = _number;
            taken.RoutedUpTo = RoutedUpTo;
            Volatile.Write(ref _pending, empty);
            if (_waitingForSpace.Count > 0)
                (ready, _waitingForSpace) = (_waitingForSpace, []);
        }
        Call(ready);
        return taken;
    }

    /// <summary>The writer has written what it took.</summary>
    public void Written(PendingAppends taken)
    {
        lock (_gate)
            taken.Clear();
    }

    /// <summary>
    /// Fills in those that are null and not written yet: the tail may have let go of them. Who does not find them here finds them on disk, if anywhere.
    /// </summary>
    public void ReadBack(ReadOnlySpan<long> sequences, Span<Event?> into)
    {
        lock (_gate)
        {
            for (var i = 0; i < sequences.Length; i++)
                into[i] ??= _taken?.Find(sequences[i]) ?? _pending.Find(sequences[i]);
        }
    }

    /// <summary>
    /// The disk has failed: what is pending is lost for it, but for the state, which comes behind what could not be kept of it before. Returns the
    /// number up to which appends are decided.
    /// </summary>
    public long Fail(PendingState unkept, long lastSequence)
    {
        List<ILogWaiter>? ready = null;
        long number;
        lock (_gate)
        {
            (_isFailed, _refusedFrom) = (true, lastSequence);
            number = _number;
            health.CountNotWritten(_pending.Events.Count);
            _taken?.Clear();
            _pending.DropEvents();
            unkept.Add(_pending.State);
            _pending.State.Clear();
            _pending.State.Add(unkept);
            if (_waitingForSpace.Count > 0)
                (ready, _waitingForSpace) = (_waitingForSpace, []);
        }
        Call(ready);
        return number;
    }

    /// <summary>What an earlier run left unrouted has been routed.</summary>
    public void RestIsRouted() => Volatile.Write(ref _restFrom, long.MaxValue);

    /// <summary>The log ends: nothing is taken any more.</summary>
    public void Close()
    {
        lock (_gate)
            _isClosed = true;
    }

    /// <summary>The disk is back: from the next append on everything is written again.</summary>
    public void Recover()
    {
        lock (_gate)
            _isFailed = false;
    }

    public void Dispose()
    {
        lock (_gate)
            _patience?.Dispose();
    }

    private bool IsFull => !_isFailed && _pending.TotalBytes >= MaxPendingBytes;

    private bool IsStanding => health.Busy > settings.LiveOnlyAfter;

    // A disk that stands still calls nobody: what nobody waits for goes on without it after a while. Who cannot go on then waits again.
    private void BePatient()
    {
        _patience ??= time.CreateTimer(static self => ((Intake)self!).EndPatience(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var left = settings.LiveOnlyAfter - health.Busy;
        _patience.Change(left > settings.LiveOnlyAfter / 5 ? left : settings.LiveOnlyAfter / 5, Timeout.InfiniteTimeSpan);
    }

    private void EndPatience()
    {
        List<ILogWaiter>? ready = null;
        lock (_gate)
        {
            if (_isClosed || _waitingForSpace.Count == 0)
                return;
            if (IsStanding)
                (ready, _waitingForSpace) = (_waitingForSpace, []);
            else
                BePatient();
        }
        Call(ready);
    }

    private static void Call(List<ILogWaiter>? ready)
    {
        if (ready is null)
            return;
        foreach (var waiter in ready)
            waiter.OnSpace();
    }

    private AcknowledgeLevel LevelOf(Topic topic)
    {
        if (settings.Acknowledge.IsUniform)
            return settings.Acknowledge.Default;
        if (topic.LevelPlusOne == 0)
            topic.LevelPlusOne = (byte)(settings.Acknowledge.For(topic.Name) + 1);
        return (AcknowledgeLevel)(topic.LevelPlusOne - 1);
    }

    private void Wake(bool wasEmpty, bool isMuch)
    {
        if (isMuch)
            signal.Now();
        else if (wasEmpty)
            signal.Gently();
    }
}
