namespace TelemetryHub.Mqtt.Client.Sessions;

/// <summary>The QoS 1 and 2 publishes that the server has not finished with, by packet id. Not thread-safe.</summary>
internal sealed class InFlight
{
    private readonly Dictionary<ushort, Delivery> _byId = [];
    private ushort _lastId;
    private long _lastOrder;

    public int Count => _byId.Count;

    /// <summary>Gives the delivery a free packet id. There is always one: fewer than <see cref="MqttClientOptions.MostInFlight"/> are out.</summary>
    public void Add(Delivery delivery)
    {
        do
        {
            // The ids above belong to SUBSCRIBE and UNSUBSCRIBE, so the two need not ask each other.
            _lastId = _lastId >= MqttClientOptions.MostInFlight ? (ushort)1 : (ushort)(_lastId + 1);
        }
        while (!_byId.TryAdd(_lastId, delivery));
        delivery.PacketId = _lastId;
        delivery.Order = ++_lastOrder;
    }

    public Delivery? Find(ushort packetId, DeliveryState state) =>
        _byId.TryGetValue(packetId, out var delivery) && delivery.State == state ? delivery : null;

    public void Remove(Delivery delivery) => _byId.Remove(delivery.PacketId);

    /// <summary>The delivery added last did not leave; its id goes to the next one.</summary>
    public void TakeBack(Delivery delivery)
    {
        _byId.Remove(delivery.PacketId);
        _lastId = (ushort)(delivery.PacketId - 1);
    }

    public List<Delivery> InOrder() => [.. _byId.Values.OrderBy(delivery => delivery.Order)];

    public void Clear() => _byId.Clear();
}
