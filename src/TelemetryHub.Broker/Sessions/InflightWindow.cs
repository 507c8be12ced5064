using System.Buffers;

namespace TelemetryHub.Broker.Sessions;

/// <summary>
/// The deliveries that the client has not acknowledged, in the order they were sent: a pooled ring from the oldest to the newest ordinal, with
/// empty places where an acknowledgement came out of order. Its span is less than 65,535, so a packet id names one place. The session's lock
/// guards it.
/// </summary>
internal sealed class InflightWindow
{
    private const int FirstCapacity = 16;
    // An empty ring larger than this is let go.
    private const int KeptCapacity = 256;

    private Queued[] _ring = []; // indexed by ordinal & mask; an empty place has no route
    private int _mask = -1;
    private long _again, _againEnd;

    public int Count { get; private set; }

    /// <summary>The ordinal of the oldest. Only with a <see cref="Count"/>.</summary>
    public long First { get; private set; }

    /// <summary>What was ever in it has an ordinal below this one.</summary>
    public long End { get; private set; }

    /// <summary>How many wait to be sent again.</summary>
    public int AgainCount { get; private set; }

    /// <summary>Would its packet id be free?</summary>
    public bool CanAdd(long ordinal) => Count == 0 || ordinal - First < Queued.PacketIds;

    public void Add(in Queued entry)
    {
        if (Count == 0)
            First = entry.Ordinal;
        if (entry.Ordinal - First > _mask)
            Grow(entry.Ordinal - First);
        At(entry.Ordinal) = entry;
        At(entry.Ordinal).Send();
        End = entry.Ordinal + 1;
        Count++;
    }

    /// <summary>Which delivery has this packet id?</summary>
    public bool TryFind(ushort packetId, out long ordinal)
    {
        ordinal = 0;
        if (Count == 0 || packetId == 0)
            return false;
        var ahead = packetId - Queued.PacketIdOf(First);
        ordinal = First + (ahead < 0 ? ahead + Queued.PacketIds : ahead);
        return ordinal < End && At(ordinal).Route is not null;
    }

    /// <summary>The place of an ordinal from <see cref="First"/> to below <see cref="End"/>.</summary>
    public ref Queued At(long ordinal) => ref _ring[ordinal & _mask];

    /// <summary>Does this ordinal stand in it?</summary>
    public bool Contains(long ordinal) => Count > 0 && ordinal >= First && ordinal < End && At(ordinal).Route is not null;

    public void Remove(long ordinal)
    {
        At(ordinal) = default;
        if (ordinal >= _again && ordinal < _againEnd)
            AgainCount--;
        if (--Count == 0)
            LetGo();
        else if (ordinal == First)
            First = NextTaken(ordinal + 1);
    }

    /// <summary>Everything in it is due again.</summary>
    public void BeginAgain() => (_again, _againEnd, AgainCount) = (First, End, Count);

    /// <summary>Nothing is due again.</summary>
    public void StopAgain() => (_again, _againEnd, AgainCount) = (0, 0, 0);

    /// <summary>The next one to be sent again. Only with an <see cref="AgainCount"/>.</summary>
    public ref Queued PeekAgain()
    {
        _again = NextTaken(Math.Max(_again, First));
        return ref At(_again);
    }

    /// <summary>What <see cref="PeekAgain"/> gave is not due any more.</summary>
    public void PassAgain()
    {
        _again++;
        AgainCount--;
    }

    /// <summary>The ordinals of those that wait to be sent again, oldest first.</summary>
    public IEnumerable<long> AgainOrdinals()
    {
        for (var ordinal = Math.Max(_again, First); AgainCount > 0 && ordinal < _againEnd; ordinal++)
        {
            if (At(ordinal).Route is not null)
                yield return ordinal;
        }
    }

    /// <summary>All of them, oldest first.</summary>
    public IEnumerable<Queued> InOrder()
    {
        for (var ordinal = First; Count > 0 && ordinal < End; ordinal++)
        {
            if (At(ordinal).Route is not null)
                yield return At(ordinal);
        }
    }

    /// <summary>Leaves the events to the log.</summary>
    public void Forget()
    {
        foreach (ref var entry in _ring.AsSpan(0, _mask + 1))
            entry.Forget();
    }

    private long NextTaken(long ordinal)
    {
        while (At(ordinal).Route is null)
            ordinal++;
        return ordinal;
    }

    private void LetGo()
    {
        StopAgain();
        if (_mask < KeptCapacity)
            return;
        ArrayPool<Queued>.Shared.Return(_ring); // every place has been emptied
        (_ring, _mask) = ([], -1);
    }

    private void Grow(long span)
    {
        var capacity = Math.Max(FirstCapacity, _mask + 1);
        while (capacity <= span)
            capacity *= 2;
        var larger = ArrayPool<Queued>.Shared.Rent(capacity);
        foreach (ref readonly var entry in _ring.AsSpan(0, _mask + 1))
        {
            if (entry.Route is not null)
                larger[entry.Ordinal & (capacity - 1)] = entry;
        }
        if (_ring.Length > 0)
            ArrayPool<Queued>.Shared.Return(_ring, clearArray: true);
        (_ring, _mask) = (larger, capacity - 1);
    }
}
