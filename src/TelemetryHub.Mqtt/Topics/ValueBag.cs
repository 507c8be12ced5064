namespace TelemetryHub.Mqtt.Topics;

/// <summary>A set that is copied out as one block; order is not kept. From 16 values on it finds them by index.</summary>
internal sealed class ValueBag<T>
    where T : notnull
{
    private const int IndexedFrom = 16;

    private T[] _items = new T[1];
    private Dictionary<T, int>? _index;

    public int Count { get; private set; }

    public ReadOnlySpan<T> Items => _items.AsSpan(0, Count);

    public bool Add(T value)
    {
        if (Find(value) >= 0)
            return false;
        if (Count == _items.Length)
            Array.Resize(ref _items, Count * 2);
        _items[Count] = value;
        _index?.Add(value, Count);
        Count++;
        if (Count == IndexedFrom && _index is null)
            BuildIndex();
        return true;
    }

    public bool Remove(T value)
    {
        var at = Find(value);
        if (at < 0)
            return false;
        Count--;
        var last = _items[Count];
        _items[at] = last;
        _items[Count] = default!;
        if (_index is not null)
        {
            _index[last] = at;
            _index.Remove(value);
        }

        return true;
    }

    private int Find(T value)
    {
        if (_index is not null)
            return _index.TryGetValue(value, out var at) ? at : -1;
        return Array.IndexOf(_items, value, 0, Count);
    }

    private void BuildIndex()
    {
        _index = new Dictionary<T, int>(IndexedFrom * 2);
        for (var i = 0; i < Count; i++)
            _index.Add(_items[i], i);
    }
}
