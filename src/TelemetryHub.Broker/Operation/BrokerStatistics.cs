namespace TelemetryHub.Broker.Operation;

/// <summary>
/// What the broker has done so far: the totals behind the metrics and the <c>$SYS</c> topics. Added to once per batch, not per message.
/// </summary>
public sealed class BrokerStatistics
{
    private readonly long[] _drops = new long[Enum.GetValues<DropReason>().Length];
    private readonly long[] _ends = new long[Enum.GetValues<DisconnectCause>().Length];
    private long _bytesReceived, _bytesSent, _packetsReceived, _packetsSent, _publishesReceived, _publishesSent, _publishBytesReceived, _publishBytesSent;
    private long _connections;

    /// <summary>Bytes from clients.</summary>
    public long BytesReceived => Volatile.Read(ref _bytesReceived);

    /// <summary>Bytes to clients.</summary>
    public long BytesSent => Volatile.Read(ref _bytesSent);

    /// <summary>Packets of any type from clients.</summary>
    public long PacketsReceived => Volatile.Read(ref _packetsReceived);

    /// <summary>Packets of any type to clients.</summary>
    public long PacketsSent => Volatile.Read(ref _packetsSent);

    /// <summary>PUBLISH packets from clients.</summary>
    public long PublishesReceived => Volatile.Read(ref _publishesReceived);

    /// <summary>PUBLISH packets to clients.</summary>
    public long PublishesSent => Volatile.Read(ref _publishesSent);

    /// <summary>Payload bytes in PUBLISH packets from clients.</summary>
    public long PublishBytesReceived => Volatile.Read(ref _publishBytesReceived);

    /// <summary>Payload bytes in PUBLISH packets to clients.</summary>
    public long PublishBytesSent => Volatile.Read(ref _publishBytesSent);

    /// <summary>Connections accepted so far.</summary>
    public long Connections => Volatile.Read(ref _connections);

    /// <summary>Messages dropped for this reason.</summary>
    public long Dropped(DropReason reason) => Volatile.Read(ref _drops[(int)reason]);

    /// <summary>Messages dropped for any reason.</summary>
    public long DroppedInAll => Enum.GetValues<DropReason>().Sum(Dropped);

    /// <summary>Connections that ended this way.</summary>
    public long Ended(DisconnectCause cause) => Volatile.Read(ref _ends[(int)cause]);

    internal void Drop(DropReason reason) => Interlocked.Increment(ref _drops[(int)reason]);

    internal void End(DisconnectCause cause) => Interlocked.Increment(ref _ends[(int)cause]);

    internal void Connect() => Interlocked.Increment(ref _connections);

    internal void Receive(long bytes, long packets, long publishes, long publishBytes)
    {
        Interlocked.Add(ref _bytesReceived, bytes);
        Interlocked.Add(ref _packetsReceived, packets);
        if (publishes == 0)
            return;
        Interlocked.Add(ref _publishesReceived, publishes);
        Interlocked.Add(ref _publishBytesReceived, publishBytes);
    }

    internal void Send(long bytes, long packets, long publishes, long publishBytes)
    {
        Interlocked.Add(ref _bytesSent, bytes);
        Interlocked.Add(ref _packetsSent, packets);
        if (publishes == 0)
            return;
        Interlocked.Add(ref _publishesSent, publishes);
        Interlocked.Add(ref _publishBytesSent, publishBytes);
    }
}
