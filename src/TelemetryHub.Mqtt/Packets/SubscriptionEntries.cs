namespace TelemetryHub.Mqtt.Packets;

/// <summary>The checked entries of a SUBSCRIBE, in the order in which they must be answered.</summary>
public readonly ref struct SubscriptionEntries
{
    internal SubscriptionEntries(ReadOnlySpan<byte> raw, int count)
    {
        Raw = raw;
        Count = count;
    }

    public int Count { get; }

    internal ReadOnlySpan<byte> Raw { get; }

    public Enumerator GetEnumerator() => new(Raw);

    internal static ProtocolFault TryRead(scoped ref BodyReader reader, MqttVersion version, out SubscriptionEntries entries)
    {
        entries = default;
        var raw = reader.Rest;
        if (raw.IsEmpty)
            return ProtocolFault.EmptySubscription;

        var count = 0;
        for (; !reader.IsEmpty; count++)
        {
            var fault = reader.Text(out var filter);
            if (fault != ProtocolFault.None)
                return fault;
            if (!reader.TryByte(out var options))
                return ProtocolFault.Truncated;
            fault = Check(filter, options, version);
            if (fault != ProtocolFault.None)
                return fault;
        }

        entries = new SubscriptionEntries(raw, count);
        return ProtocolFault.None;
    }

    private static ProtocolFault Check(ReadOnlySpan<byte> filter, byte options, MqttVersion version)
    {
        var reserved = version == MqttVersion.V5 ? 0xC0 : 0xFC;
        var entry = new SubscriptionEntry(filter, options);
        if ((options & reserved) != 0)
            return ProtocolFault.ReservedSubscribeOptions;
        if (entry.QoS > QoS.ExactlyOnce)
            return ProtocolFault.InvalidRequestedQoS;
        if (entry.RetainHandling > 2)
            return ProtocolFault.InvalidRetainHandling;
        return entry.NoLocal && filter.StartsWith("$share/"u8) ? ProtocolFault.NoLocalOnSharedSubscription : ProtocolFault.None;
    }

    /// <summary>Walks the entries.</summary>
    public ref struct Enumerator
    {
        private BodyReader _reader;

        internal Enumerator(ReadOnlySpan<byte> raw) => _reader = new BodyReader(raw);

        public SubscriptionEntry Current { get; private set; }

        public bool MoveNext()
        {
            if (_reader.Block(out var filter) != ProtocolFault.None || !_reader.TryByte(out var options))
                return false;
            Current = new SubscriptionEntry(filter, options);
            return true;
        }
    }
}
