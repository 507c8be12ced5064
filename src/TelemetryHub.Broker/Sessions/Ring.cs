using System.Buffers;

namespace TelemetryHub.Broker.Sessions;

/// <summary>
/// Things that wait, first in first out, in a pooled ring that grows as needed and is given back when empty: a busy subscriber's
/// bursts of some hundred messages would cost an array each time. The session's lock guards it.
/// </summary>
internal sealed class Ring<T> where T : struct
{
    private const int FirstCapacity = 16;
    // An empty ring larger than this is let go, so that one burst does not cost its memory forever.
    private const int KeptCapacity = 256;

    private T[] _ring = [];
    private int _mask = -1; // the capacity, a power of two, less one
    private int _head;

    public int Count { get; private set; }

    /// <summary>The place of the one that has so many before it.</summary>
    public ref T this[int index] => ref _ring[(_head + index) & _mask];

    public void Enqueue(in T item)
    {
        if (Count > _mask)
            Grow();
        _ring[(_head + Count) & _mask] = item;
        Count++;
    }

    public T Dequeue()
    {
        var item = _ring[_head];
        _ring[_head] = default;
        _head = (_head + 1) & _mask;
        Count--;
        if (Count == 0 && _mask >= KeptCapacity)
        {
            ArrayPool<T>.Shared.Return(_ring); // every place has been emptied
            (_ring, _mask, _head) = ([], -1, 0);
        }
        return item;
    }

    private void Grow()
    {
        var capacity = Math.Max(FirstCapacity, (_mask + 1) * 2);
        var larger = ArrayPool<T>.Shared.Rent(capacity);
        for (var i = 0; i < Count; i++)
            larger[i] = _ring[(_head + i) & _mask];
        if (_ring.Length > 0)
            ArrayPool<T>.Shared.Return(_ring, clearArray: true);
        (_ring, _mask, _head) = (larger, capacity - 1, 0);
    }
}
