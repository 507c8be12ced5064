namespace TelemetryHub.Mqtt.Packets;

/// <summary>One filter of a SUBSCRIBE with its options. It is UTF-8; whether it is a filter is for the broker to answer.</summary>
public readonly ref struct SubscriptionEntry
{
    private readonly byte _options;

    internal SubscriptionEntry(ReadOnlySpan<byte> filter, byte options)
    {
        Filter = filter;
        _options = options;
    }

    public ReadOnlySpan<byte> Filter { get; }

    public QoS QoS => (QoS)(_options & 3);

    public bool NoLocal => (_options & 0x04) != 0;

    public bool RetainAsPublished => (_options & 0x08) != 0;

    public byte RetainHandling => (byte)(_options >> 4 & 3);
}
