using System.Buffers;

namespace TelemetryHub.Core.Feeds.Rings;

/// <summary>Where a batch is encoded before it goes into a ring or a page. One thread; kept by it for the next batch.</summary>
internal sealed class EncodedItems : IBufferWriter<byte>
{
    private const int FirstBytes = 64 << 10;
    private const int KeptBytes = 1 << 20;

    [ThreadStatic]
    private static EncodedItems? _ofThisThread;

    private byte[] _bytes = new byte[FirstBytes];
    private int _used;
    private (long Sequence, int End)[] _items = new (long, int)[256];
    private int _count;

    /// <summary>The one of the calling thread, empty.</summary>
    public static EncodedItems Rent()
    {
        var items = _ofThisThread ?? new EncodedItems();
        _ofThisThread = null;
        return items;
    }

    /// <summary>The encoded items, one behind the other.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _used);

    /// <summary>Of each item the sequence up to which a reader has seen everything behind it, and where it ends.</summary>
    public ReadOnlySpan<(long Sequence, int End)> Items => _items.AsSpan(0, _count);

    /// <summary>What was written since the last call is an item.</summary>
    public void EndItem(long sequence)
    {
        if (_count == _items.Length)
            Array.Resize(ref _items, _count * 2);
        _items[_count++] = (sequence, _used);
    }

    public void Clear() => _used = _count = 0;

    /// <summary>Gives it back to the calling thread.</summary>
    public void Return()
    {
        Clear();
        if (_bytes.Length <= KeptBytes)
            _ofThisThread = this;
    }

    public void Advance(int count) => _used += count;

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(_used);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(_used);
    }

    private void Reserve(int sizeHint)
    {
        var needed = _used + Math.Max(sizeHint, 1);
        if (needed > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(needed, _bytes.Length * 2));
    }
}
