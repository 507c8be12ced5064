using TelemetryHub.Core.Events;
using TelemetryHub.Core.Log;

namespace TelemetryHub.Broker.Tests.Harness;

/// <summary>A log as the journal is one: it gives every event back by its sequence, though only the newest few are in memory.</summary>
internal sealed class KeepingLog(int eventsInMemory = 4) : ILog
{
    private readonly Tail _tail = new(new TailOptions { MaxEvents = eventsInMemory });
    private readonly Lock _gate = new(); // guards everything below
    private readonly Dictionary<long, Event> _kept = [];
    private long _oldestKept = 1;
    private TaskCompletionSource _readAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _readAllowed;

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

    /// <summary>Reading back stands still until the result is disposed.</summary>
    public IDisposable HoldReads()
    {
        _readAsked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _readAllowed = new TaskCompletionSource();
        return new Hold(_readAllowed);
    }

    /// <summary>Somebody reads back, and stands still.</summary>
    public Task ReadAskedAsync() => _readAsked.Task.WaitAsync(TimeSpan.FromSeconds(5));

    public AppendResult TryAppend(Event @event, out long ticket)
    {
        lock (_gate)
        {
            var result = _tail.TryAppend(@event, out ticket);
            if (result == AppendResult.Appended)
                _kept.Add(@event.Sequence, @event);
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
                into[i] = _kept.GetValueOrDefault(sequences[i]);
            }
        }
    }

    public long AppendState(StatePart part, ReadOnlySpan<byte> record) => 0;

    public KeptState State(long ticket) => KeptState.Kept;

    public bool WaitUntilKept(long ticket, ILogWaiter waiter) => false;

    public bool WaitForSpace(ILogWaiter waiter) => _tail.WaitForSpace(waiter);

    public int Read(long sequence, Span<Event> into) => _tail.Read(sequence, into);

    public void Routed(long sequence) => _tail.Routed(sequence);

    private sealed class Hold(TaskCompletionSource allowed) : IDisposable
    {
        public void Dispose() => allowed.SetResult();
    }
}
