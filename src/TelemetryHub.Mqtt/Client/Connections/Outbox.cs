using TelemetryHub.Mqtt.Packets;
using TelemetryHub.Mqtt.Properties;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Mqtt.Client.Connections;

/// <summary>
/// Everything that one connection sends. Packets are appended by anybody under one short lock; whoever finds no write going on
/// queues one to the thread pool, and what is appended meanwhile leaves with the next write. So many small packets become few writes.
/// </summary>
internal sealed class Outbox(MqttClientOptions options, ConnectResult limits, Stream stream, TimeProvider time) : IThreadPoolWorkItem
{
    // Acks are not held back by MaximumPendingBytes; at this many times as much the connection stops reading what would cause more of them.
    private const int ReadingStopsAtTimes = 4;

    private readonly MqttVersion _version = options.Version;
    private readonly OutboundAliases? _aliases = // guarded by _gate
        options.UseTopicAliases && limits.TopicAliasMaximum > 0 ? new OutboundAliases(limits.TopicAliasMaximum) : null;
    private readonly Lock _gate = new();
    private OutboundBuffer _pending = new(); // guarded by _gate
    private OutboundBuffer _leaving = new(); // owned by the write that is going on
    private bool _writing; // guarded by _gate
    private bool _closed; // guarded by _gate
    private TaskCompletionSource? _drained; // guarded by _gate
    private TaskCompletionSource? _room; // guarded by _gate
    private long _lastWrite = time.GetTimestamp();

    /// <summary>Called without a lock, after a write made room.</summary>
    public Action? RoomMade { get; set; }

    /// <summary>Called once, without a lock, when the stream does not take any more.</summary>
    public Action<Exception>? Failed { get; set; }

    public long LastWrite => Volatile.Read(ref _lastWrite);

    /// <summary>Appends a PUBLISH, replacing its topic by an alias where that is possible.</summary>
    public WriteOutcome TryPublish(in PublishPacket packet, TopicName topic)
    {
        lock (_gate)
        {
            if (_closed)
                return WriteOutcome.Closed;
            if (_pending.Length >= options.MaximumPendingBytes)
                return WriteOutcome.NoRoom;
            var before = _pending.Length;
            var isNew = false;
            if (_aliases?.For(topic, out isNew) is { } alias and > 0)
                WriteWithAlias(packet, alias, isNew);
            else
                packet.Write(_pending, _version);
            if ((uint)(_pending.Length - before) > limits.MaximumPacketBytes)
            {
                _pending.CutTo(before);
                if (isNew)
                    _aliases!.Forget(topic);
                return WriteOutcome.TooLarge;
            }

            StartWriting();
            return WriteOutcome.Written;
        }
    }

    /// <summary>PUBACK, PUBREC, PUBREL or PUBCOMP.</summary>
    public void WriteAck(PacketType type, ushort packetId, ReasonCode reason = ReasonCode.Success)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            new AckPacket { Type = type, PacketId = packetId, Reason = reason }.Write(_pending, _version);
            StartWriting();
        }
    }

    public void WritePing()
    {
        lock (_gate)
        {
            if (_closed)
                return;
            PingPacket.WriteRequest(_pending);
            StartWriting();
        }
    }

    /// <summary>For the rare packets: the caller writes it, and it counts as too large where the server says so.</summary>
    public WriteOutcome Write(Action<OutboundBuffer, MqttVersion> packet)
    {
        lock (_gate)
        {
            if (_closed)
                return WriteOutcome.Closed;
            var before = _pending.Length;
            packet(_pending, _version);
            if ((uint)(_pending.Length - before) > limits.MaximumPacketBytes)
            {
                _pending.CutTo(before);
                return WriteOutcome.TooLarge;
            }

            StartWriting();
            return WriteOutcome.Written;
        }
    }

    /// <summary>Completes when reading may cause more acks.</summary>
    public Task WaitForRoomAsync()
    {
        lock (_gate)
        {
            if (_closed || _pending.Length < options.MaximumPendingBytes * ReadingStopsAtTimes)
                return Task.CompletedTask;
            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task;
        }
    }

    /// <summary>Takes nothing more and completes when everything taken is written, or never will be.</summary>
    public Task CompleteAsync()
    {
        lock (_gate)
        {
            _closed = true;
            if (!_writing)
                return Task.CompletedTask;
            _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _drained.Task;
        }
    }

    void IThreadPoolWorkItem.Execute() => _ = WriteAllAsync();

    private void WriteWithAlias(in PublishPacket packet, ushort alias, bool isNew)
    {
        using var properties = new PropertyWriter(stackalloc byte[128]);
        properties.Raw(packet.Properties.Raw);
        properties.Number(PropertyId.TopicAlias, alias);
        new PublishPacket
        {
            Dup = packet.Dup,
            QoS = packet.QoS,
            Retain = packet.Retain,
            Topic = isNew ? packet.Topic : default,
            PacketId = packet.PacketId,
            Properties = PropertyList.FromValidated(properties.Written),
            Payload = packet.Payload,
        }.Write(_pending, _version);
    }

    private void StartWriting()
    {
        if (_writing)
            return;
        _writing = true;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private async Task WriteAllAsync()
    {
        try
        {
            while (TakePending())
            {
                await stream.WriteAsync(_leaving.Written).ConfigureAwait(false);
                _leaving.Clear();
                RoomMade?.Invoke();
            }
        }
        catch (Exception e) // whatever a stream throws means the same: this connection sends nothing more
        {
            GiveUp();
            Failed?.Invoke(e);
        }
    }

    private bool TakePending()
    {
        lock (_gate)
        {
            _room?.TrySetResult();
            _room = null;
            if (_pending.Length == 0)
            {
                _writing = false;
                _drained?.TrySetResult();
                return false;
            }

            (_pending, _leaving) = (_leaving, _pending);
        }

        Volatile.Write(ref _lastWrite, time.GetTimestamp());
        return true;
    }

    private void GiveUp()
    {
        lock (_gate)
        {
            _closed = true;
            _writing = false;
            _room?.TrySetResult();
            _drained?.TrySetResult();
        }
    }
}
