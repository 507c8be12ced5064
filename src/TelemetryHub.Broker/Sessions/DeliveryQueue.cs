using System.Numerics;
using TelemetryHub.Core.Routing;

namespace TelemetryHub.Broker.Sessions;

/// <summary>Deliveries that wait, first in first out, in a ring that grows as needed and is given back when empty. The session's lock guards it.</summary>
internal sealed class DeliveryQueue
{
    private const int FirstCapacity = 16;
    // An empty ring larger than this is let go, so that one burst does not cost its memory forever.
    private const int KeptCapacity = 256;

    private Delivery[] _ring = [];
    private int _head;

    public int Count { get; private set; }

    public long Bytes { get; private set; }

    public void Enqueue(in Delivery delivery)
    {
        if (Count == _ring.Length)
            Grow();
        _ring[(_head + Count) & (_ring.Length - 1)] = delivery;
        Count++;
        Bytes += delivery.Event.SizeBytes;
    }

    public Delivery Dequeue()
    {
        var delivery = _ring[_head];
        _ring[_head] = default;
        _head = (_head + 1) & (_ring.Length - 1);
        Count--;
        Bytes -= delivery.Event.SizeBytes;
        if (Count == 0 && _ring.Length > KeptCapacity)
            (_ring, _head) = ([], 0);
        return delivery;
    }

    public bool Any(Predicate<Delivery> condition)
    {
        for (var i = 0; i < Count; i++)
        {
            if (condition(_ring[(_head + i) & (_ring.Length - 1)]))
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
        var larger = new Delivery[Math.Max(FirstCapacity, (int)BitOperations.RoundUpToPowerOf2((uint)_ring.Length + 1))];
        for (var i = 0; i < Count; i++)
            larger[i] = _ring[(_head + i) & (_ring.Length - 1)];
        (_ring, _head) = (larger, 0);
    }
}
