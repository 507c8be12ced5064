namespace TelemetryHub.Broker.Sessions;

/// <summary>
/// The packet ids of QoS 2 publishes that the hub has taken from the client and that the client has not released (MQTT 5 §4.3.3). Guarded by the
/// session's lock, which it takes itself.
/// </summary>
internal sealed class ReceivedPublishes(Lock gate, Ledger? ledger)
{
    private Dictionary<ushort, long>? _tickets;
    private long _releaseTicket;

    public int Count
    {
        get
        {
            lock (gate)
                return _tickets?.Count ?? 0;
        }
    }

    /// <summary>The number that the log knows the session by, if it shall remember its packet ids; 0 if not.</summary>
    public uint Publisher => ledger?.Session ?? 0;

    /// <summary>Has a publish with this id been received and not been released? Then it must not be taken again; its ticket says whether it is kept.</summary>
    public bool Contains(ushort packetId, out long ticket)
    {
        ticket = 0;
        lock (gate)
            return _tickets is not null && _tickets.TryGetValue(packetId, out ticket);
    }

    /// <summary>Remembers a publish until its PUBREL.</summary>
    public void Add(ushort packetId, long ticket)
    {
        lock (gate)
            (_tickets ??= [])[packetId] = ticket;
    }

    /// <summary>Takes up those of before a restart: they are kept.</summary>
    public void Restore(IEnumerable<ushort> packetIds)
    {
        foreach (var packetId in packetIds)
            Add(packetId, ticket: 0);
    }

    /// <summary>
    /// PUBREL came, or the publish was refused: the id may be used for a new message, and the client may be told so once the ticket is kept. False when it
    /// was not known; then the last one's ticket: that may be what the client asks about again.
    /// </summary>
    public bool Release(ushort packetId, out long ticket)
    {
        lock (gate)
        {
            var isKnown = _tickets is not null && _tickets.Remove(packetId);
            if (isKnown && ledger is not null)
                _releaseTicket = ledger.PublishReleased(packetId);
            ticket = _releaseTicket;
            return isKnown;
        }
    }
}
