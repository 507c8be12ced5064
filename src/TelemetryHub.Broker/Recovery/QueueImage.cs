namespace TelemetryHub.Broker.Recovery;

/// <summary>
/// The deliveries of one session that are not over, as the records tell it: sequences, not events, in chunks that go when all in them are settled.
/// </summary>
internal sealed class QueueImage
{
    private const int FirstCapacity = 8;
    private const int LastCapacity = 1024;
    // An empty chunk larger than this is let go: ten thousand quiet sessions that were busy once must not keep its memory.
    private const int KeptCapacity = 64;

    private readonly List<DeliveryChunk> _chunks = [];
    private readonly RouteTable _routes = new();
    private Dictionary<long, byte[]>? _copies; // by ordinal

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Ordinals must grow.</summary>
    public RouteImage Add(in DeliveredRecord record)
    {
        var route = _routes.Use(record.Route);
        if (record.IsReplay)
            (_copies ??= [])[record.Ordinal] = record.Copy.ToArray();
        ChunkFor(record.Ordinal).Add(record.Ordinal, record.Sequence, route);
        Count++;
        return _routes[route];
    }

    /// <summary>Does nothing when it is not there (any more).</summary>
    public void Settle(long ordinal)
    {
        if (!TryFind(ordinal, out var at, out var index))
            return;
        var chunk = _chunks[at];
        var route = chunk[index].Route;
        if (_routes[route].IsReplay)
            _copies!.Remove(ordinal);
        _routes.Release(route);
        chunk.Settle(index);
        Count--;
        var isLast = at == _chunks.Count - 1;
        if (chunk.Live == 0 && (!isLast || chunk.Capacity > KeptCapacity))
            _chunks.RemoveAt(at);
        else if (!isLast && chunk.Live <= chunk.Count / 4)
            chunk.Trim();
    }

    /// <summary>Does nothing when it is not there (any more).</summary>
    public void Release(long ordinal)
    {
        if (TryFind(ordinal, out var at, out var index))
            _chunks[at][index].Release();
    }

    /// <summary>The ordinal behind the first <paramref name="count"/> deliveries, or behind all if there are fewer.</summary>
    public long OrdinalBehind(int count)
    {
        count = Math.Min(count, Count);
        foreach (var chunk in _chunks)
        {
            if (count > chunk.Live)
            {
                count -= chunk.Live;
                continue;
            }
            for (var i = 0; i < chunk.Count; i++)
            {
                if (!chunk[i].IsSettled && --count <= 0)
                    return chunk.First + chunk[i].Offset + 1;
            }
        }
        return 0;
    }

    /// <summary>All of them, in order.</summary>
    public IEnumerable<DeliveryImage> All()
    {
        foreach (var chunk in _chunks)
        {
            for (var i = 0; i < chunk.Count; i++)
            {
                var entry = chunk[i];
                if (!entry.IsSettled)
                    yield return ImageOf(entry, chunk.First + entry.Offset);
            }
        }
    }

    private DeliveryImage ImageOf(in DeliveryChunk.Entry entry, long ordinal)
    {
        var route = _routes[entry.Route];
        return new DeliveryImage(ordinal, entry.Sequence, route, entry.IsReleased, route.IsReplay ? _copies![ordinal] : null);
    }

    private DeliveryChunk ChunkFor(long ordinal)
    {
        var last = _chunks.Count > 0 ? _chunks[^1] : null;
        if (last is { Live: 0 })
            last.Restart(ordinal);
        else if (last is { IsFull: true } && last.Live <= last.Count / 2)
            last.Compact(); // as it is mostly: a queue that moves lives in one chunk
        if (last is not null && last.HasRoomFor(ordinal))
            return last;
        var chunk = new DeliveryChunk(ordinal, last is null ? FirstCapacity : Math.Min(LastCapacity, last.Capacity * 2));
        _chunks.Add(chunk);
        return chunk;
    }

    private bool TryFind(long ordinal, out int at, out int index)
    {
        var (low, high) = (0, _chunks.Count - 1);
        if (high > 0 && ordinal < _chunks[1].First)
            high = 0; // as mostly: the oldest are settled first
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_chunks[middle].First <= ordinal)
                low = middle;
            else
                high = middle - 1;
        }
        at = low;
        index = low < _chunks.Count ? _chunks[low].Find(ordinal) : -1;
        return index >= 0;
    }
}
