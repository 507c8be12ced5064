using System.Buffers;

namespace TelemetryHub.Core.Feeds.Rings;

/// <summary>
/// The newest encoded items of a feed, shared by all its readers. Each has an index, one more than the one before: the difference of two is how many events lie between.
/// Made of chunks of which the oldest go when there are too many bytes. Guarded by the feed's lock.
/// </summary>
internal sealed class FeedRing(long coveredFrom)
{
    // Small at first: most feeds of a large hub carry one device.
    private const int MinChunkBytes = 1 << 10;
    private const int MaxChunkBytes = 64 << 10;

    // Chunks go as a whole: a ring of few would lap readers that are hardly behind.
    private const int MinChunks = 8;

    private readonly List<Chunk> _chunks = [];
    private bool _hasDropped; // since it last began
    private long _skippedTo; // where it last began

    /// <summary>The index of the oldest item.</summary>
    public long First { get; private set; }

    /// <summary>The index behind the newest.</summary>
    public long End { get; private set; }

    /// <summary>Every event of the feed behind this sequence is in the ring, or still to come.</summary>
    public long CompleteBehind { get; private set; } = coveredFrom;

    /// <summary>Every event of the feed up to this sequence has been in the ring, or was before it.</summary>
    public long LastSequence { get; private set; } = coveredFrom;

    /// <summary>
    /// Where a lapped reader goes on: in the middle, so that it is not lapped again at once; at the beginning when the ring is not full, because it was lapped by a
    /// <see cref="Skip"/>.
    /// </summary>
    public long JumpTarget => _hasDropped ? First + ((End - First) / 2) : First;

    /// <summary>What the chunks take.</summary>
    public long Bytes { get; private set; }

    /// <summary>Adds items, and drops the oldest chunks beyond a number of bytes. The newest stays, however large.</summary>
    public void Append(EncodedItems items, long maxBytes)
    {
        var start = 0;
        foreach (var (sequence, end) in items.Items)
        {
            var size = end - start;
            if (_chunks.Count == 0 || _chunks[^1].Free < size)
                AddChunk(size, items.Bytes.Length - start, (int)Math.Clamp(maxBytes / MinChunks, MinChunkBytes, MaxChunkBytes));
            _chunks[^1].Add(items.Bytes[start..end], sequence);
            End++;
            LastSequence = Math.Max(LastSequence, sequence);
            start = end;
        }
        Trim(maxBytes);
    }

    /// <summary>Drops the oldest chunks beyond a number of bytes.</summary>
    public void Trim(long maxBytes)
    {
        while (Bytes > maxBytes && _chunks.Count > 1)
            DropOldest();
    }

    /// <summary>Events that could not be taken in: whoever stands before them is lapped.</summary>
    public void Skip(long count, long lastSequence)
    {
        _chunks.Clear();
        (Bytes, _hasDropped) = (0, false);
        _skippedTo = First = End += count;
        CompleteBehind = LastSequence = lastSequence;
    }

    /// <summary>Whether a reader with this index misses events because of a <see cref="Skip"/>.</summary>
    public bool IsSkipped(long index) => index < _skippedTo;

    /// <summary>The index of the first item behind this sequence.</summary>
    public long IndexBehind(long sequence)
    {
        for (var i = _chunks.Count - 1; i >= 0; i--)
        {
            var place = _chunks[i].PlaceBehind(sequence);
            if (place > 0)
                return _chunks[i].FirstIndex + place;
        }
        return First;
    }

    /// <summary>The sequence up to which everything before the item with this index has been seen.</summary>
    public long SequenceBefore(long index) => index == First ? CompleteBehind : SequenceAt(index - 1);

    /// <summary>The sequence of the item with this index.</summary>
    public long SequenceAt(long index)
    {
        var chunk = ChunkOf(index);
        return chunk.SequenceAt((int)(index - chunk.FirstIndex));
    }

    /// <summary>Copies whole items from an index on, as many as the budget allows, and returns the bytes. One at least, when there is one.</summary>
    public int Copy(ref long index, IBufferWriter<byte> output, int budgetBytes)
    {
        var copied = 0;
        while (index < End && copied < budgetBytes)
        {
            var chunk = ChunkOf(index);
            var bytes = chunk.Slice((int)(index - chunk.FirstIndex), budgetBytes - copied, out var next);
            if (copied > 0 && copied + bytes.Length > budgetBytes)
                break;
            output.Write(bytes);
            copied += bytes.Length;
            index = chunk.FirstIndex + next;
        }
        return copied;
    }

    private Chunk ChunkOf(long index)
    {
        var i = _chunks.Count - 1; // mostly the newest
        while (_chunks[i].FirstIndex > index)
            i--;
        return _chunks[i];
    }

    private void AddChunk(int itemBytes, int moreBytes, int maxBytes)
    {
        var grown = _chunks.Count == 0 ? MinChunkBytes : Math.Min(_chunks[^1].Capacity * 2, maxBytes);
        var chunk = new Chunk(End, Math.Max(itemBytes, Math.Clamp(moreBytes, grown, maxBytes)));
        _chunks.Add(chunk);
        Bytes += chunk.Capacity;
    }

    private void DropOldest()
    {
        var oldest = _chunks[0];
        _hasDropped = true;
        _chunks.RemoveAt(0);
        Bytes -= oldest.Capacity;
        First += oldest.Count;
        CompleteBehind = oldest.LastSequence;
    }
}
