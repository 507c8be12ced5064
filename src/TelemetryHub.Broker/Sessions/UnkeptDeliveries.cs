using TelemetryHub.Core.Log;

namespace TelemetryHub.Broker.Sessions;

/// <summary>
/// The QoS 2 deliveries whose records the log does not keep yet: sent before, a crash could bring them again under another packet id. The session's lock
/// guards it.
/// </summary>
internal sealed class UnkeptDeliveries(ILog log)
{
    private readonly Queue<(long Ordinal, long Ticket)> _waiting = new();

    public void Add(long ordinal, long ticket)
    {
        // Those of an absent client are never asked for: it must not become a second queue.
        while (_waiting.TryPeek(out var oldest) && log.State(oldest.Ticket) != KeptState.Pending)
            _waiting.Dequeue();
        _waiting.Enqueue((ordinal, ticket));
    }

    /// <summary>What a delivery waits for; 0 when it may be sent. They are asked for in order.</summary>
    public long TicketOf(long ordinal)
    {
        while (_waiting.TryPeek(out var oldest) && oldest.Ordinal <= ordinal)
        {
            if (oldest.Ordinal == ordinal && log.State(oldest.Ticket) == KeptState.Pending)
                return oldest.Ticket;
            _waiting.Dequeue();
        }
        return 0;
    }
}
