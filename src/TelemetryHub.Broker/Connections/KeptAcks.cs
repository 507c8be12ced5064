using TelemetryHub.Core.Log;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Broker.Connections;

/// <summary>
/// Acknowledgements of publishes that the log has taken but not yet kept, in the order of the publishes (MQTT 5 §4.6).
/// Empty while the log keeps at once, as it does at level <c>memory</c>.
/// </summary>
internal sealed class KeptAcks(ILog log)
{
    private readonly Queue<Waiting> _waiting = new();

    public int Count => _waiting.Count;

    /// <summary>How many of them are of QoS 1; those of QoS 2 the session knows.</summary>
    public int AtLeastOnceCount { get; private set; }

    public void Add(long ticket, PacketType type, ushort packetId, ReasonCode reason)
    {
        _waiting.Enqueue(new Waiting(ticket, type, packetId, reason));
        AtLeastOnceCount += type == PacketType.PubAck ? 1 : 0;
    }

    /// <summary>The next acknowledgement that is due, with what became of its publish.</summary>
    public bool TryTake(out Waiting ack, out KeptState state)
    {
        state = KeptState.Pending;
        if (!_waiting.TryPeek(out ack) || (state = log.State(ack.Ticket)) == KeptState.Pending)
            return false;
        _waiting.Dequeue();
        AtLeastOnceCount -= ack.Type == PacketType.PubAck ? 1 : 0;
        return true;
    }

    /// <summary>The ticket that the next acknowledgement waits for.</summary>
    public long NextTicket => _waiting.Peek().Ticket;

    internal readonly record struct Waiting(long Ticket, PacketType Type, ushort PacketId, ReasonCode Reason);
}
