namespace TelemetryHub.Mqtt.Packets;

/// <summary>The filters of an UNSUBSCRIBE, in the order in which they must be answered. UTF-8, but not checked to be filters.</summary>
public readonly ref struct FilterEntries
{
    internal FilterEntries(ReadOnlySpan<byte> raw, int count)
    {
        Raw = raw;
        Count = count;
    }

    public int Count { get; }

    internal ReadOnlySpan<byte> Raw { get; }

    public Enumerator GetEnumerator() => new(Raw);

    internal static ProtocolFault TryRead(scoped ref BodyReader reader, out FilterEntries entries)
    {
        entries = default;
        var raw = reader.Rest;
        if (raw.IsEmpty)
            return ProtocolFault.EmptySubscription;

        var count = 0;
        for (; !reader.IsEmpty; count++)
        {
            var fault = reader.Text(out _);
            if (fault != ProtocolFault.None)
                return fault;
        }

        entries = new FilterEntries(raw, count);
        return ProtocolFault.None;
    }

    /// <summary>Walks the filters.</summary>
    public ref struct Enumerator
    {
        private BodyReader _reader;
        private ReadOnlySpan<byte> _current;

        internal Enumerator(ReadOnlySpan<byte> raw) => _reader = new BodyReader(raw);

        public readonly ReadOnlySpan<byte> Current => _current;

        public bool MoveNext() => _reader.Block(out _current) == ProtocolFault.None;
    }
}
