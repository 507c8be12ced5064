using TelemetryHub.Core.Routing;

namespace TelemetryHub.Broker.Sessions;

/// <summary>
/// The QoS 1 and 2 deliveries that the client has not acknowledged, by packet id, in the order they were sent. The session's lock guards it.
/// </summary>
internal sealed class InflightTable
{
    private readonly Dictionary<ushort, Entry> _byId = [];
    private ushort _lastId;
    private long _order;

    public int Count => _byId.Count;

    /// <summary>Adds a delivery under a packet id that is free, and returns the id. There must be fewer than 65,535 entries.</summary>
    public ushort Add(in Delivery delivery)
    {
        do
        {
            _lastId = _lastId == ushort.MaxValue ? (ushort)1 : (ushort)(_lastId + 1);
        }
        while (_byId.ContainsKey(_lastId));
        _byId.Add(_lastId, new Entry(delivery, ++_order, IsReleased: false));
        return _lastId;
    }

    public bool TryGet(ushort id, out Entry entry) => _byId.TryGetValue(id, out entry);

    public void Remove(ushort id) => _byId.Remove(id);

    /// <summary>PUBREC came: from now on PUBREL is due, the message itself never again (MQTT 5 §4.3.3).</summary>
    public void Release(ushort id, in Entry entry) => _byId[id] = entry with { IsReleased = true };

    /// <summary>The ids, oldest first: what is sent again to a client that comes back.</summary>
    public IEnumerable<ushort> IdsInOrder() => _byId.OrderBy(pair => pair.Value.Order).Select(pair => pair.Key);

    /// <summary>The deliveries, oldest first.</summary>
    public IEnumerable<Delivery> InOrder() => _byId.Values.OrderBy(entry => entry.Order).Select(entry => entry.Delivery);

    internal readonly record struct Entry(Delivery Delivery, long Order, bool IsReleased);
}
