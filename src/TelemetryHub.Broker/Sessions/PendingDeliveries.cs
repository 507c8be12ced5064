using TelemetryHub.Core.Events;
using TelemetryHub.Core.Log;
using TelemetryHub.Core.Routing;

namespace TelemetryHub.Broker.Sessions;

/// <summary>
/// The QoS 1 and 2 deliveries of a session that have not been sent. With a log that keeps events only the front of a connected session's queue
/// holds them, what is behind and what waits for an absent client are places in the log. The session's lock guards it.
/// </summary>
internal sealed class PendingDeliveries(ILog log)
{
    // What a fast subscriber is behind now and then; beyond, the log is read again.
    private const int MaxFront = 512;
    private const long MaxFrontBytes = 256 * 1024;
    private const int ReadEvents = 32;

    [ThreadStatic]
    private static Event[]? t_read;

    private readonly bool _keepsEvents = log.KeepsEvents;
    private readonly Ring<Queued> _front = new();
    private Backlog? _backlog; // empty when the front is
    private long _frontBytes;

    public int Count => _front.Count + (_backlog?.Count ?? 0);

    /// <summary>The bytes of the events that are held in memory because of it.</summary>
    public long HeldBytes => _frontBytes + (_backlog?.HeldBytes ?? 0);

    /// <summary>The ordinal that the next delivery gets.</summary>
    public long NextOrdinal { get; private set; }

    /// <summary>The oldest. Only with a <see cref="Count"/>.</summary>
    public ref Queued First => ref _front[0];

    /// <summary>Puts a delivery at the end and returns its ordinal.</summary>
    public long Enqueue(in Delivery delivery, bool isConnected)
    {
        var queued = new Queued(delivery, NextOrdinal++);
        if (_keepsEvents && (!isConnected || _frontBytes >= MaxFrontBytes))
            queued.Forget();
        Append(queued);
        return queued.Ordinal;
    }

    /// <summary>Takes up one of before a restart, behind those taken up before.</summary>
    public void Restore(in Queued queued) => Append(queued);

    /// <summary>Takes up how far the ordinals had got before a restart.</summary>
    public void RestoreNext(long ordinal) => NextOrdinal = ordinal;

    public Queued Dequeue()
    {
        var first = _front.Dequeue();
        _frontBytes -= first.HeldBytes;
        for (var room = MaxFront - _front.Count; room >= MaxFront / 2 && _backlog is { Count: > 0 }; room--)
            ToFront(_backlog.Dequeue());
        return first;
    }

    /// <summary>Gives the first its event, and others with it, if they are still in the log's memory.</summary>
    public bool TryLoadFirst()
    {
        var from = First.Sequence;
        var read = t_read ??= new Event[ReadEvents];
        var count = log.Read(from, read);
        for (var i = 0; i < _front.Count && i < count; i++)
        {
            ref var entry = ref _front[i];
            if (entry.Sequence < from || entry.Sequence - from >= count)
                break;
            if (entry.Event is null && read[entry.Sequence - from] is var @event && @event.Sequence == entry.Sequence)
                Hold(ref entry, @event);
        }
        Array.Clear(read, 0, count);
        return First.Event is not null;
    }

    /// <summary>Adds what is only in the log to the page, until that is full.</summary>
    public void AddMissing(Page page)
    {
        for (var i = 0; i < _front.Count; i++)
        {
            ref readonly var entry = ref _front[i];
            if (entry.Event is null && !entry.IsLost && !page.TryAdd(entry))
                return;
        }
    }

    /// <summary>What the log gave back for this delivery; null: nothing.</summary>
    public void Fill(long ordinal, Event? @event)
    {
        var (low, high) = (0, _front.Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _front[middle].Ordinal < ordinal ? (middle + 1, high) : (low, middle);
        }
        if (low > high || _front[low].Ordinal != ordinal || _front[low].Event is not null)
            return;
        if (@event is null)
            _front[low].Lose();
        else
            Hold(ref _front[low], @event);
    }

    /// <summary>The client is gone: leaves the events to the log if that keeps them.</summary>
    public void Suspend()
    {
        if (!_keepsEvents)
            return;
        _frontBytes = 0;
        for (var i = 0; i < _front.Count; i++)
        {
            _front[i].Forget();
            _frontBytes += _front[i].HeldBytes;
        }
    }

    /// <summary>Takes one out that the log has no more, from where it begins to hold nothing.</summary>
    public bool TryDropBelow(long sequence, out Queued dropped)
    {
        dropped = default;
        if (_front.Count > 0 && First is { Event: null } first && first.Sequence < sequence)
            dropped = Dequeue();
        else if (_backlog is not null && _backlog.BeginsBelow(sequence))
            dropped = _backlog.Dequeue();
        else
            return false;
        return true;
    }

    /// <summary>Takes those with such a route out.</summary>
    public List<Queued> TakeOut(Predicate<Route> condition)
    {
        List<Queued> taken = [];
        for (var left = Count; left > 0; left--)
        {
            var queued = Dequeue();
            if (condition(queued.Route))
                taken.Add(queued);
            else
                Append(queued);
        }
        return taken;
    }

    private void Append(in Queued queued)
    {
        if (_keepsEvents && (_backlog is { Count: > 0 } || _front.Count >= MaxFront))
            (_backlog ??= new Backlog()).Enqueue(queued);
        else
            ToFront(queued);
    }

    private void ToFront(in Queued queued)
    {
        _front.Enqueue(queued);
        _frontBytes += queued.HeldBytes;
    }

    private void Hold(ref Queued entry, Event @event)
    {
        entry.Event = @event;
        _frontBytes += @event.SizeBytes;
    }
}
