using TelemetryHub.Core.Events;
using TelemetryHub.Core.Log;

namespace TelemetryHub.Broker.Tests.Harness;

/// <summary>
/// A tail that behaves as a journal may: full for a while, refusing, or keeping what it was given only later. What is appended is routed
/// at once in any case.
/// </summary>
internal sealed class HeldLog : ILog
{
    private readonly Tail _tail = new(new TailOptions());
    private readonly Lock _gate = new(); // guards everything below
    private readonly HashSet<long> _refused = [];
    private readonly List<(long Ticket, ILogWaiter Waiter)> _waitingForKept = [];
    private readonly List<ILogWaiter> _waitingForSpace = [];
    private long _kept;
    private bool _isFull;

    /// <summary>Appends answer Refused.</summary>
    public bool IsRefusing { get; set; }

    /// <summary>What is appended is kept only when the test says so.</summary>
    public bool KeepsLater { get; init; }

    public long Next => _tail.Next;

    public long Oldest => _tail.Oldest;

    public void Fill()
    {
        lock (_gate)
            _isFull = true;
    }

    public void MakeSpace()
    {
        List<ILogWaiter> waiting;
        lock (_gate)
        {
            _isFull = false;
            waiting = [.. _waitingForSpace];
            _waitingForSpace.Clear();
        }
        waiting.ForEach(waiter => waiter.OnSpace());
    }

    /// <summary>The next so many appends are kept by now, or refused for good.</summary>
    public void Settle(int count, bool areRefused = false)
    {
        List<ILogWaiter> waiting;
        lock (_gate)
        {
            for (var i = 0; i < count; i++)
            {
                _kept++;
                if (areRefused)
                    _refused.Add(_kept);
            }
            waiting = [.. _waitingForKept.Where(wait => wait.Ticket <= _kept).Select(wait => wait.Waiter)];
            _waitingForKept.RemoveAll(wait => wait.Ticket <= _kept);
        }
        waiting.ForEach(waiter => waiter.OnKept());
    }

    public AppendResult TryAppend(Event @event, out long ticket)
    {
        ticket = 0;
        lock (_gate)
        {
            if (_isFull)
                return AppendResult.Full;
        }
        return IsRefusing ? AppendResult.Refused : _tail.TryAppend(@event, out ticket);
    }

    public KeptState State(long ticket)
    {
        lock (_gate)
            return _refused.Contains(ticket) ? KeptState.Refused : KeepsLater && ticket > _kept ? KeptState.Pending : KeptState.Kept;
    }

    public bool WaitUntilKept(long ticket, ILogWaiter waiter)
    {
        lock (_gate)
        {
            if (!KeepsLater || ticket <= _kept)
                return false;
            _waitingForKept.Add((ticket, waiter));
            return true;
        }
    }

    public bool WaitForSpace(ILogWaiter waiter)
    {
        lock (_gate)
        {
            if (!_isFull)
                return _tail.WaitForSpace(waiter);
            _waitingForSpace.Add(waiter);
            return true;
        }
    }

    public bool KeepsEvents => false;

    public long OldestKept => _tail.OldestKept;

    public long RoutedUpTo => _tail.RoutedUpTo;

    public long AppendState(StatePart part, ReadOnlySpan<byte> record) => 0;

    public void ReadBack(ReadOnlySpan<long> sequences, Span<Event?> into) => _tail.ReadBack(sequences, into);

    public int Read(long sequence, Span<Event> into) => _tail.Read(sequence, into);

    public void Routed(long sequence) => _tail.Routed(sequence);
}
