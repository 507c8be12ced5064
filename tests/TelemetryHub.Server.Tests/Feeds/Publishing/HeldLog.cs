using TelemetryHub.Core.Events;
using TelemetryHub.Core.Log;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Server.Tests.Feeds.Publishing;

/// <summary>A log in memory whose disk is the test: what is appended is decided when the test says so. QoS 0 is kept at once, as in the journal.</summary>
internal sealed class HeldLog : ILog
{
    private readonly Tail _tail = new(new TailOptions());
    private readonly Lock _gate = new(); // guards everything below
    private readonly SortedDictionary<long, KeptState> _states = [];
    private readonly List<(long Ticket, ILogWaiter Waiter)> _waiting = [];
    private readonly List<ILogWaiter> _waitingForSpace = [];
    private readonly List<(Func<bool> Condition, TaskCompletionSource Reached)> _watches = [];
    private int _space = int.MaxValue;
    private bool _isRefusing, _keepsAtOnce;

    public List<Event> Appended { get; } = [];

    public long Next => _tail.Next;

    public long Oldest => _tail.Oldest;

    public bool KeepsEvents => false;

    public long OldestKept => Oldest;

    public long RoutedUpTo => _tail.RoutedUpTo;

    public int Pending => _states.Values.Count(state => state == KeptState.Pending);

    public AppendResult TryAppend(Event @event, out long ticket)
    {
        ticket = 0;
        lock (_gate)
        {
            if (_isRefusing && @event.QoS != QoS.AtMostOnce)
                return AppendResult.Refused;
            if (_space == 0)
                return AppendResult.Full;
            _space--;
            _tail.TryAppend(@event, out ticket).ShouldBe(AppendResult.Appended);
            _states[ticket] = @event.QoS == QoS.AtMostOnce || _keepsAtOnce ? KeptState.Kept : KeptState.Pending;
            Appended.Add(@event);
            CheckWatches();
            return AppendResult.Appended;
        }
    }

    /// <summary>Everything that is pending is kept, or refused.</summary>
    public void Decide(KeptState state)
    {
        List<ILogWaiter> decided;
        lock (_gate)
        {
            foreach (var ticket in _states.Keys.Where(ticket => _states[ticket] == KeptState.Pending).ToList())
                _states[ticket] = state;
            decided = [.. _waiting.Select(waiting => waiting.Waiter)];
            _waiting.Clear();
        }
        decided.ForEach(waiter => waiter.OnKept());
    }

    /// <summary>From now on there is space for so many.</summary>
    public void MakeSpace(int events)
    {
        List<ILogWaiter> ready;
        lock (_gate)
        {
            _space = events;
            ready = [.. _waitingForSpace];
            _waitingForSpace.Clear();
        }
        ready.ForEach(waiter => waiter.OnSpace());
    }

    public void Refuse() => _isRefusing = true;

    public void KeepAtOnce() => _keepsAtOnce = true;

    /// <summary>Completes when so many were appended.</summary>
    public Task AppendedAsync(int events) => WhenAsync(() => Appended.Count >= events);

    /// <summary>Completes when somebody waits for space.</summary>
    public Task SpaceWantedAsync() => WhenAsync(() => _waitingForSpace.Count > 0);

    public KeptState State(long ticket)
    {
        lock (_gate)
            return _states.GetValueOrDefault(ticket, KeptState.Kept);
    }

    public bool WaitUntilKept(long ticket, ILogWaiter waiter)
    {
        lock (_gate)
        {
            if (State(ticket) != KeptState.Pending)
                return false;
            _waiting.Add((ticket, waiter));
            return true;
        }
    }

    public bool WaitForSpace(ILogWaiter waiter)
    {
        lock (_gate)
        {
            if (_space > 0)
                return false;
            _waitingForSpace.Add(waiter);
            CheckWatches();
            return true;
        }
    }

    public long AppendState(StatePart part, ReadOnlySpan<byte> record) => 0;

    public int Read(long sequence, Span<Event> into) => _tail.Read(sequence, into);

    public void ReadBack(ReadOnlySpan<long> sequences, Span<Event?> into) => _tail.ReadBack(sequences, into);

    public void Routed(long sequence) => _tail.Routed(sequence);

    private async Task WhenAsync(Func<bool> condition)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _watches.Add((condition, reached));
            CheckWatches();
        }
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    private void CheckWatches()
    {
        foreach (var (condition, reached) in _watches)
        {
            if (condition())
                reached.TrySetResult();
        }
    }
}
