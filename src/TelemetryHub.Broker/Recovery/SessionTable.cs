using System.Runtime.InteropServices;

namespace TelemetryHub.Broker.Recovery;

/// <summary>The images of all sessions, by number and by client id.</summary>
internal sealed class SessionTable
{
    private readonly Dictionary<uint, SessionImage> _byNumber = [];
    private readonly Dictionary<string, SessionImage> _byClientId = [];
    // Publishes of sessions whose record comes behind them: the journal writes events before the records that were appended with them.
    private readonly Dictionary<uint, HashSet<ushort>> _early = [];
    private SessionImage? _last; // most records are about the session of the one before

    public IReadOnlyCollection<SessionImage> All => _byNumber.Values;

    /// <summary>The number behind those of all sessions that were opened.</summary>
    public uint NextOpened { get; private set; } = 1;

    /// <summary>The number for the next session.</summary>
    public uint NextNumber => _early.Keys.Aggregate(NextOpened, (next, number) => Behind(number, next));

    public IEnumerable<(uint Session, ushort PacketId)> Early => _early.SelectMany(entry => entry.Value.Select(packetId => (entry.Key, packetId)));

    public SessionImage? Find(uint number)
    {
        if (_last?.Number != number && _byNumber.TryGetValue(number, out var session))
            _last = session;
        return _last?.Number == number ? _last : null;
    }

    public void Open(OpenedRecord record)
    {
        if (record.IsNew)
            NextOpened = Behind(record.Number, NextOpened);
        if (Find(record.Number) is { } session)
            session.Open(record);
        else if (record.IsNew)
            Add(new SessionImage(record));
    }

    public void End(SessionImage session)
    {
        _byNumber.Remove(session.Number);
        _byClientId.Remove(session.ClientId);
        _last = null;
    }

    public void Receive(uint session, ushort packetId)
    {
        if (Find(session) is { } image)
            image.Receive(packetId);
        else if (Behind(session, NextOpened) != NextOpened)
            (CollectionsMarshal.GetValueRefOrAddDefault(_early, session, out _) ??= []).Add(packetId);
    }

    public void Number(uint next) => NextOpened = next;

    private void Add(SessionImage session)
    {
        if (_byClientId.TryGetValue(session.ClientId, out var older))
            End(older);
        _byNumber.Add(session.Number, session);
        _byClientId.Add(session.ClientId, session);
        if (!_early.Remove(session.Number, out var received))
            return;
        foreach (var packetId in received)
            session.Receive(packetId);
    }

    // Serial numbers: also right when they begin again at 1, and when they come in another order than they were given.
    private static uint Behind(uint number, uint next) =>
        (int)(number + 1 - next) <= 0 ? next : number == uint.MaxValue ? 1 : number + 1;
}
