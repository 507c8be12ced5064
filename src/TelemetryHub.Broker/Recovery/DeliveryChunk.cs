namespace TelemetryHub.Broker.Recovery;

/// <summary>
/// A stretch of a session's deliveries in the order of their ordinals, 16 bytes each. What is settled stays as a mark until most of the chunk is.
/// </summary>
internal sealed class DeliveryChunk(long first, int capacity)
{
    private Entry[] _entries = new Entry[capacity];

    /// <summary>The ordinal of the first entry that it was made for.</summary>
    public long First { get; private set; } = first;

    /// <summary>How many entries there are, settled ones included.</summary>
    public int Count { get; private set; }

    /// <summary>How many of them are not settled.</summary>
    public int Live { get; private set; }

    public int Capacity => _entries.Length;

    /// <summary>The entry at this place; its ordinal is <see cref="First"/> and its offset.</summary>
    public ref Entry this[int index] => ref _entries[index];

    public bool IsFull => Count == _entries.Length;

    public bool HasRoomFor(long ordinal) => !IsFull && ordinal - First <= uint.MaxValue;

    public void Add(long ordinal, long sequence, int route)
    {
        _entries[Count++] = new Entry(sequence, (uint)(ordinal - First), route);
        Live++;
    }

    /// <summary>Begins again, empty.</summary>
    public void Restart(long ordinal) => (First, Count, Live) = (ordinal, 0, 0);

    /// <summary>Where the delivery stands; -1 when it is not here or settled.</summary>
    public int Find(long ordinal)
    {
        if (ordinal < First || ordinal - First > uint.MaxValue)
            return -1;
        var offset = (uint)(ordinal - First);
        // Offsets grow by at least one: the entry is here or before, and here when nothing is missing.
        var high = (int)Math.Min(offset, (uint)Count - 1);
        for (var low = 0; low <= high;)
        {
            var middle = _entries[high].Offset == offset ? high : (low + high) / 2;
            if (_entries[middle].Offset == offset)
                return _entries[middle].IsSettled ? -1 : middle;
            if (_entries[middle].Offset < offset)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return -1;
    }

    public void Settle(int index)
    {
        _entries[index].Settle();
        Live--;
    }

    /// <summary>Makes room where something is settled.</summary>
    public void Compact()
    {
        var count = 0;
        for (var i = 0; i < Count; i++)
        {
            if (!_entries[i].IsSettled)
                _entries[count++] = _entries[i];
        }
        Count = count;
    }

    /// <summary>Gives up the room; for a chunk that nothing is added to any more.</summary>
    public void Trim()
    {
        Compact();
        Array.Resize(ref _entries, Count);
    }

    /// <summary>One delivery. The flags share a number with the route: 16 bytes instead of 24.</summary>
    internal struct Entry(long sequence, uint offset, int route)
    {
        private const uint SettledBit = 1u << 31, ReleasedBit = 1u << 30, RouteBits = ReleasedBit - 1;

        public readonly long Sequence = sequence;
        public readonly uint Offset = offset;
        private uint _state = (uint)route; // last: in another order the three take 24 bytes

        public readonly int Route => (int)(_state & RouteBits);

        public readonly bool IsSettled => (_state & SettledBit) != 0;

        public readonly bool IsReleased => (_state & ReleasedBit) != 0;

        public void Settle() => _state |= SettledBit;

        public void Release() => _state |= ReleasedBit;
    }
}
