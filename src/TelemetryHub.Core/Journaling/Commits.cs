using TelemetryHub.Core.Log;

namespace TelemetryHub.Core.Journaling;

/// <summary>
/// How far the journal has come at each level, what it had to refuse, and who waits. The writer moves it on; any thread asks.
/// Waiters are called without the lock.
/// </summary>
internal sealed class Commits(AcknowledgeLevel stateLevel)
{
    private readonly Lock _gate = new(); // guards the waiters and the refused ranges; the marks are written under it and read without
    private readonly List<RefusedRange> _refused = [];
    private List<Waiting> _waiting = [];
    private List<Waiting>? _spare = []; // the writer's: a commit allocates no list
    private long _written, _synced, _state;
    private int _waitingForSync;

    /// <summary>Does anybody wait for something that only a sync brings?</summary>
    public bool IsSyncWanted => Volatile.Read(ref _waitingForSync) > 0;

    public KeptState StateOf(Ticket ticket)
    {
        if (ticket == Ticket.LostRecord)
            return KeptState.Refused;
        if (ticket.Number > MarkOf(ticket.Kind))
            return KeptState.Pending;
        return _refused.Count > 0 && IsRefused(ticket) ? KeptState.Refused : KeptState.Kept;
    }

    /// <summary>False when the ticket is decided already; else the writer must be told that somebody waits.</summary>
    public bool Wait(Ticket ticket, ILogWaiter waiter)
    {
        lock (_gate)
        {
            if (ticket.Number <= MarkOf(ticket.Kind))
                return false;
            _waiting.Add(new Waiting(ticket, waiter));
            if (NeedsSync(ticket.Kind))
                Volatile.Write(ref _waitingForSync, _waitingForSync + 1);
            return true;
        }
    }

    /// <summary>Everything up to this number has been written. The writer only.</summary>
    public void Written(long number)
    {
        lock (_gate)
        {
            Volatile.Write(ref _written, number);
            if (stateLevel <= AcknowledgeLevel.Flushed)
                Volatile.Write(ref _state, number);
        }
        CallDecided();
    }

    /// <summary>Everything up to this number is on the disk. The writer only.</summary>
    public void Synced(long number)
    {
        lock (_gate)
        {
            Volatile.Write(ref _synced, number);
            Volatile.Write(ref _state, number);
        }
        CallDecided();
    }

    /// <summary>The disk failed: of the events up to this number those that are not kept yet never will be. The writer only.</summary>
    public void Refuse(long number)
    {
        lock (_gate)
        {
            _refused.Add(new RefusedRange(_written, _synced, number));
            Volatile.Write(ref _written, number);
            Volatile.Write(ref _synced, number);
        }
        CallDecided();
    }

    private long MarkOf(TicketKind kind) => kind switch
    {
        TicketKind.Memory => long.MaxValue,
        TicketKind.Flushed => Volatile.Read(ref _written),
        TicketKind.Synced => Volatile.Read(ref _synced),
        _ => Volatile.Read(ref _state),
    };

    private bool NeedsSync(TicketKind kind) => kind == TicketKind.Synced || (kind == TicketKind.State && stateLevel == AcknowledgeLevel.Synced);

    private bool IsRefused(Ticket ticket)
    {
        if (ticket.Kind is TicketKind.Memory or TicketKind.State)
            return false;
        lock (_gate)
        {
            foreach (var range in _refused)
            {
                if (ticket.Number <= range.UpTo && ticket.Number > (ticket.Kind == TicketKind.Flushed ? range.WrittenBefore : range.SyncedBefore))
                    return true;
            }
        }
        return false;
    }

    private void CallDecided()
    {
        List<Waiting> decided;
        lock (_gate)
        {
            if (_waiting.Count == 0)
                return;
            decided = _waiting;
            (_waiting, _spare) = (_spare ?? [], null);
            Volatile.Write(ref _waitingForSync, Split(decided, into: _waiting));
        }
        foreach (var waiting in decided)
            waiting.Waiter.OnKept();
        decided.Clear();
        _spare = decided;
    }

    // Mostly all are decided: what still waits moves to the other list. Returns how many of those wait for a sync.
    private int Split(List<Waiting> decided, List<Waiting> into)
    {
        var count = 0;
        var waitingForSync = 0;
        for (var i = 0; i < decided.Count; i++)
        {
            var waiting = decided[i];
            if (waiting.Ticket.Number <= MarkOf(waiting.Ticket.Kind))
            {
                decided[count++] = waiting;
                continue;
            }
            into.Add(waiting);
            waitingForSync += NeedsSync(waiting.Ticket.Kind) ? 1 : 0;
        }
        decided.RemoveRange(count, decided.Count - count);
        return waitingForSync;
    }

    private readonly record struct Waiting(Ticket Ticket, ILogWaiter Waiter);

    // Disk failures are rare: a list that is walked will do.
    private readonly record struct RefusedRange(long WrittenBefore, long SyncedBefore, long UpTo);
}
