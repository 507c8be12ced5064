namespace TelemetryHub.Core.Feeds.Rings;

/// <summary>Encoded items behind each other: a part of a ring, or a page of a replay. What is in it does not change any more; more may be added by its owner.</summary>
internal sealed class Chunk(long firstIndex, int capacity)
{
    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(capacity);
    private (long Sequence, int End)[] _items = new (long, int)[Math.Clamp(capacity / 256, 4, 512)];

    /// <summary>The index of its first item in the feed.</summary>
    public long FirstIndex { get; } = firstIndex;

    public int Count { get; private set; }

    public int Used { get; private set; }

    public int Capacity => _bytes.Length;

    public int Free => _bytes.Length - Used;

    public long LastSequence => _items[Count - 1].Sequence;

    public void Add(ReadOnlySpan<byte> item, long sequence)
    {
        item.CopyTo(_bytes.AsSpan(Used));
        Used += item.Length;
        if (Count == _items.Length)
            Array.Resize(ref _items, Count * 2);
        _items[Count++] = (sequence, Used);
    }

    /// <summary>The place of the first item behind this sequence; <see cref="Count"/> when there is none.</summary>
    public int PlaceBehind(long sequence)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_items[middle].Sequence <= sequence)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>The sequence behind the item before this place.</summary>
    public long SequenceAt(int place) => _items[place].Sequence;

    /// <summary>Whole items from a place on, as many as the budget allows, and always one; <paramref name="next"/> is the place behind them.</summary>
    public ReadOnlySpan<byte> Slice(int place, int budgetBytes, out int next)
    {
        var start = place == 0 ? 0 : _items[place - 1].End;
        var (low, high) = (place, Count - 1);
        if (_items[high].End - start > budgetBytes)
        {
            while (low < high)
            {
                var middle = (low + high + 1) >>> 1;
                if (_items[middle].End - start > budgetBytes)
                    high = middle - 1;
                else
                    low = middle;
            }
            high = low;
        }
        next = high + 1;
        return _bytes.AsSpan(start, _items[high].End - start);
    }
}
