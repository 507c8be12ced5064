namespace TelemetryHub.Core.Journaling.Format;

/// <summary>
/// A list that one thread fills while others read what it had before they were told so: items never move, so nothing is copied but the list of
/// chunks. Whoever tells others the count does it with a barrier.
/// </summary>
internal sealed class GrowingList<T>
{
    private const int ChunkBits = 12;
    private const int ChunkItems = 1 << ChunkBits;

    private volatile T[][] _chunks = [];

    /// <summary>The filling thread's count.</summary>
    public int Count { get; private set; }

    public T this[int index]
    {
        get => _chunks[index >> ChunkBits][index & (ChunkItems - 1)];
        set => _chunks[index >> ChunkBits][index & (ChunkItems - 1)] = value;
    }

    public void Add(T item)
    {
        var chunk = Count >> ChunkBits;
        if (chunk >= _chunks.Length || _chunks[chunk] is null)
            AddChunk(chunk);
        _chunks[chunk][Count & (ChunkItems - 1)] = item;
        Count++;
    }

    /// <summary>Forgets the items from <paramref name="count"/> on. Nobody may have been told of them.</summary>
    public void Cut(int count) => Count = Math.Min(Count, count);

    private void AddChunk(int chunk)
    {
        var chunks = _chunks;
        if (chunk == chunks.Length)
        {
            Array.Resize(ref chunks, Math.Max(4, chunk * 2));
        }
        chunks[chunk] = new T[ChunkItems];
        _chunks = chunks;
    }
}
