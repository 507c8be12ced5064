using System.Diagnostics.CodeAnalysis;
using TelemetryHub.Mqtt.Packets;
using TelemetryHub.Mqtt.Properties;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Mqtt.Client.Connections;

/// <summary>SUBSCRIBE and UNSUBSCRIBE of one connection that wait for their answer. They fail when it ends.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds nothing; disposed, it would strand who waits.")]
internal sealed class Requests(Outbox outbox)
{
    private const int FirstId = MqttClientOptions.MostInFlight + 1;

    // So many at a time; others wait for their turn. Fewer than there are ids from FirstId on.
    private readonly SemaphoreSlim _turns = new(256);
    private readonly Lock _gate = new(); // guards the fields below
    private readonly Dictionary<ushort, PendingRequest> _pending = [];
    private ushort _lastId = FirstId - 1;
    private Exception? _ended;

    public Task<SubscriptionAnswer> SubscribeAsync(
        IReadOnlyList<SubscriptionRequest> requests, SubscriptionProperties? extras, CancellationToken cancellationToken)
    {
        var pending = new PendingRequest(PacketType.SubAck, [.. requests.Select(request => request.Filter)]);
        return SendAsync(pending, (id, output, version) => WriteSubscribe(output, version, id, requests, extras), cancellationToken);
    }

    public Task<SubscriptionAnswer> UnsubscribeAsync(
        IReadOnlyList<TopicFilter> filters, SubscriptionProperties? extras, CancellationToken cancellationToken)
    {
        var pending = new PendingRequest(PacketType.UnsubAck, filters);
        return SendAsync(pending, (id, output, version) => WriteUnsubscribe(output, version, id, filters, extras), cancellationToken);
    }

    /// <summary>False when the answer does not fit what was asked.</summary>
    public bool TryAnswer(PacketType type, ushort packetId, ReadOnlySpan<byte> reasons, PropertyList properties)
    {
        PendingRequest? pending;
        lock (_gate)
        {
            if (!_pending.TryGetValue(packetId, out pending) || pending.Answer != type)
                return false;
            _pending.Remove(packetId);
        }

        _turns.Release();
        return pending.TryComplete(reasons, properties);
    }

    public void Fail(Exception error)
    {
        List<PendingRequest> failed;
        lock (_gate)
        {
            _ended = error;
            failed = [.. _pending.Values];
            _pending.Clear();
        }

        foreach (var pending in failed)
        {
            _turns.Release();
            pending.TrySetException(error);
        }
    }

    private async Task<SubscriptionAnswer> SendAsync(
        PendingRequest pending, Action<ushort, OutboundBuffer, MqttVersion> write, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken).ConfigureAwait(false);
        var id = Register(pending);
        try
        {
            var outcome = outbox.Write((output, version) => write(id, output, version));
            if (outcome == WriteOutcome.TooLarge)
                throw new MqttRefusedException(ReasonCode.PacketTooLarge, "The request is larger than the server takes.");
        }
        catch
        {
            Withdraw(id);
            throw;
        }

        return await pending.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private ushort Register(PendingRequest pending)
    {
        lock (_gate)
        {
            if (_ended is not null)
            {
                _turns.Release();
                throw _ended;
            }

            do
            {
                _lastId = _lastId == ushort.MaxValue ? (ushort)FirstId : (ushort)(_lastId + 1);
            }
            while (!_pending.TryAdd(_lastId, pending));
            return _lastId;
        }
    }

    private void Withdraw(ushort id)
    {
        lock (_gate)
        {
            if (!_pending.Remove(id))
                return;
        }

        _turns.Release();
    }

    private static void WriteSubscribe(
        OutboundBuffer output, MqttVersion version, ushort id, IReadOnlyList<SubscriptionRequest> requests, SubscriptionProperties? extras)
    {
        var properties = new PropertyWriter(stackalloc byte[128]);
        if (version == MqttVersion.V5 && extras is not null)
        {
            if (extras.Identifier > 0)
                properties.Number(PropertyId.SubscriptionIdentifier, extras.Identifier);
            properties.AddUserProperties(extras.UserProperties);
        }

        SubscribePacket.Write(output, version, id, properties.Written, requests);
        properties.Dispose();
    }

    private static void WriteUnsubscribe(
        OutboundBuffer output, MqttVersion version, ushort id, IReadOnlyList<TopicFilter> filters, SubscriptionProperties? extras)
    {
        var properties = new PropertyWriter(stackalloc byte[128]);
        if (version == MqttVersion.V5 && extras is not null)
            properties.AddUserProperties(extras.UserProperties);
        UnsubscribePacket.Write(output, version, id, properties.Written, filters);
        properties.Dispose();
    }
}
