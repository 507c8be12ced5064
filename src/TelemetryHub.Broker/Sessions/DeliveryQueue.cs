using System.Buffers;
using TelemetryHub.Core.Routing;

namespace TelemetryHub.Broker.Sessions;

/// <summary>
/// Deliveries that wait, first in first out, in a pooled ring that grows as needed and is given back when empty: a busy subscriber's
/// bursts of some hundred messages would cost an array each time. The session's lock guards it.
/// </summary>
internal sealed class DeliveryQueue
{
    private const int FirstCapacity = 16;
    // An empty ring larger than this is let go, so that one burst does not cost its memory forever.
    private const int KeptCapacity = 256;

    private Delivery[] _ring = [];
    private int _mask = -1; // the capacity, a power of two, less one
    private int _head;

    public int Count { get; private set; }

    public long Bytes { get; private set; }

    public void Enqueue(in Delivery delivery)
    {
        if (Count > _mask)
            Grow();
        _ring[(_head + Count) & _mask] = delivery;
        Count++;
        Bytes += delivery.Event.SizeBytes;
    }

    public Delivery Dequeue()
    {
        var delivery = _ring[_head];
        _ring[_head] = default;
        _head = (_head + 1) & _mask;
        Count--;
        Bytes -= delivery.Event.SizeBytes;
        if (Count == 0 && _mask >= KeptCapacity)
        {
            ArrayPool<Delivery>.Shared.Return(_ring); // every place has been emptied
            (_ring, _mask, _head) = ([], -1, 0);
        }
        return delivery;
    }

    public bool Any(Predicate<Delivery> condition)
    {
        for (var i = 0; i < Count; i++)
        {
            if (condition(_ring[(_head + i) & _mask]))
                return true;
        }
        return false;
    }

    /// <summary>Takes everything out.</summary>
    public List<Delivery> DrainAll()
    {
        var all = new List<Delivery>(Count);
        while (Count > 0)
            all.Add(Dequeue());
        return all;
    }

    private void Grow()
    {
        var capacity = Math.Max(FirstCapacity, (_mask + 1) * 2);
        var larger = ArrayPool<Delivery>.Shared.Rent(capacity);
        for (var i = 0; i < Count; i++)
            larger[i] = _ring[(_head + i) & _mask];
        if (_ring.Length > 0)
            ArrayPool<Delivery>.Shared.Return(_ring, clearArray: true);
        (_ring, _mask, _head) = (larger, capacity - 1, 0);
    }
}
