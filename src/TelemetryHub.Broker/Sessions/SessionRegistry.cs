using TelemetryHub.Broker.Connections;
using TelemetryHub.Broker.Recovery;
using TelemetryHub.Broker.Wills;

namespace TelemetryHub.Broker.Sessions;

/// <summary>
/// All sessions by client id: who holds which, when an unheld one ends, when a will is due.
/// Lock order: this one, then the router's, then a session's. What is published here is routed after the lock is left.
/// </summary>
internal sealed class SessionRegistry(MqttBroker broker)
{
    private readonly HandOver _handOver = new(broker);
    private readonly DueWills _wills = new(broker);
    private readonly SessionJournal? _journal = broker.Log.KeepsEvents ? new SessionJournal(broker.Log) : null;

    private readonly Lock _gate = new(); // guards everything below and what a session says of itself
    private readonly Dictionary<string, Session> _byId = [];
    private readonly HashSet<Session> _unheld = []; // those without a connection: something of theirs may be due
    private readonly Jail _jail = new(broker.Time);
    private uint _nextNumber = 1;
    private bool _isStopping;

    /// <summary>How many sessions there are, held or not.</summary>
    public int Count => _byId.Count;

    /// <summary>The sessions as they are now.</summary>
    public Session[] Snapshot()
    {
        lock (_gate)
            return [.. _byId.Values];
    }

    /// <summary>
    /// Gives the connection its session: the one that is there, or a new one. A connection that holds it now is told to go.
    /// </summary>
    public AttachResult Attach(Connection connection, SessionRequest request)
    {
        var result = AttachUnderLock(connection, request);
        broker.Router.Pump(); // a will may have been due
        return result;
    }

    /// <summary>The connection is gone. <paramref name="withWill"/>: it did not say goodbye properly.</summary>
    public void Detach(Session session, Connection connection, bool withWill)
    {
        bool isStopping;
        lock (_gate)
        {
            if (!ReferenceEquals(session.Connection, connection))
                return; // taken over: the successor has seen to it
            var sentUpTo = session.Detach();
            if (!withWill)
                session.Will = null;
            session.Ledger?.Closed(broker.UnixMilliseconds, session.ExpirySeconds, session.Will is not null, sentUpTo);
            var now = broker.Time.GetTimestamp();
            session.EndsAt = now + Ticks(session.ExpirySeconds);
            session.WillDueAt = now + Ticks(session.Will?.DelaySeconds ?? 0);
            _unheld.Add(session);
            isStopping = _isStopping;
            if (!isStopping)
                DoWhatIsDue(session, now);
        }
        if (isStopping)
            return;
        broker.Router.Pump();
        _handOver.FromAbsent(session);
    }

    /// <summary>MQTT 5 §3.14.2.2.2: DISCONNECT may change the expiry, but not from zero to something.</summary>
    public bool TryChangeExpiry(Session session, Connection connection, uint seconds)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(session.Connection, connection))
                return true; // taken over: the session is its successor's
            if (session.ExpirySeconds == 0 && seconds != 0)
                return false;
            session.ExpirySeconds = Capped(seconds);
            return true;
        }
    }

    /// <summary>Ends what has expired and publishes the wills that are due.</summary>
    public void Tick()
    {
        lock (_gate)
        {
            if (_isStopping)
                return;
            var now = broker.Time.GetTimestamp();
            foreach (var session in _unheld.Where(session => session.IsDue(now)).ToArray())
                DoWhatIsDue(session, now);
            _jail.Tick(now);
        }
        broker.Router.Pump();
    }

    /// <summary>
    /// The hub stops: from now on sessions stay as they are. What is due then is due after the start (MQTT 5 §3.1.2.5 allows that for wills: the hub goes, not
    /// the client). Without a log that remembers them it is now or never.
    /// </summary>
    public void Stop()
    {
        lock (_gate)
            _isStopping = _journal is not null;
    }

    /// <summary>Drops what waits in the queues and is not in the log any more; returns how many messages of how many sessions.</summary>
    public (long Messages, int Sessions) DropBelow(long sequence)
    {
        var (messages, sessions) = (0L, 0);
        foreach (var session in Snapshot())
        {
            if (session.DropBelow(sequence) is not (> 0 and var dropped))
                continue;
            messages += dropped;
            sessions++;
        }
        return (messages, sessions);
    }

    /// <summary>Takes up a session of before a restart; it is unheld.</summary>
    public void Add(Session session)
    {
        lock (_gate)
        {
            _byId.Add(session.ClientId, session);
            _unheld.Add(session);
        }
    }

    /// <summary>Numbers of sessions are never used again: takes up how far they had got before a restart.</summary>
    public void BeginNumbersAt(uint next)
    {
        lock (_gate)
            _nextNumber = next;
    }

    /// <summary>The expiry that the hub grants.</summary>
    public uint Capped(uint seconds) => (uint)Math.Min(seconds, Math.Min(broker.Options.MaxSessionExpiry.TotalSeconds, uint.MaxValue));

    /// <summary>In the units of the clock by which sessions and wills are due.</summary>
    public long Ticks(uint seconds) => seconds * broker.Time.TimestampFrequency;

    private AttachResult AttachUnderLock(Connection connection, SessionRequest request)
    {
        lock (_gate)
        {
            var isPresent = false;
            if (_byId.TryGetValue(request.ClientId, out var session))
            {
                if (IsFlapping(session, connection))
                    return AttachResult.Jailed;
                // MQTT 3.1.1 §3.1.2.4, MQTT 5 §3.1.2.11.2: a session that does not outlive its connection ends with it, also here.
                isPresent = !request.CleanStart && session.ExpirySeconds != 0;
                Release(session, isEnding: !isPresent);
            }
            else if (_byId.Count >= broker.Options.MaxSessions)
            {
                return AttachResult.TooMany;
            }
            if (!isPresent)
                _byId[request.ClientId] = session = Successor(session, request);
            _unheld.Remove(session!);
            Hold(session!, connection, request, isPresent);
            return AttachResult.Of(session!, isPresent);
        }
    }

    private void Hold(Session session, Connection connection, SessionRequest request, bool isPresent)
    {
        (session.Will, session.IsRestored) = (request.Will, false);
        session.ExpirySeconds = Capped(request.ExpirySeconds);
        if (session.Ledger is { } ledger)
            session.Holder = ledger.Opened(request.Principal, session.ExpirySeconds, request.Window, !isPresent, request.Will);
        var isSomebodyElse = session.Principal != request.Principal;
        session.Attach(connection, request.Principal, request.Window);
        if (isSomebodyElse)
            broker.Router.RulesChanged(); // the deliver decisions that are cached with the matches were about the other one
    }

    private bool IsFlapping(Session session, Connection newcomer)
    {
        var verdict = _jail.Judge(session);
        if (verdict == JailVerdict.JailedNow)
            newcomer.ReportFlapping(session.ClientId, session.Connection!);
        return verdict != JailVerdict.Free;
    }

    // Takeovers are the client id's, not the session's: two devices that throw each other out may both start clean.
    private Session Successor(Session? before, SessionRequest request)
    {
        var isKept = Capped(request.ExpirySeconds) != 0;
        var ledger = _journal is not null && (isKept || request.Will is not null) ? new Ledger(_journal, NextNumber()) : null;
        return new Session(request.ClientId, request.Principal, ledger, isKept, broker) { Takeovers = before?.Takeovers ?? new Takeovers() };
    }

    private uint NextNumber()
    {
        var number = _nextNumber;
        _nextNumber = number == uint.MaxValue ? 1 : number + 1;
        return number;
    }

    // MQTT 5 §3.1.2.5: a will is not published when the client comes back within its delay; it is when the connection is
    // taken over without a delay, and when its session ends. Not when it was the hub that went: the client has come back to it.
    private void Release(Session session, bool isEnding)
    {
        var holder = session.Connection;
        holder?.TakeOver();
        if (TakeWill(session) is { } will && !session.IsRestored && (isEnding || (holder is not null && will.DelaySeconds == 0)))
            _wills.Publish(session, will);
        if (isEnding)
            End(session);
    }

    private static Will? TakeWill(Session session)
    {
        var will = session.Will;
        session.Will = null;
        return will;
    }

    // The will if its delay is over or the session ends (MQTT 5 §3.1.3.2.2: whichever is first), and the end of the session if it is due.
    private void DoWhatIsDue(Session session, long now)
    {
        if (session.IsDue(now) && TakeWill(session) is { } will)
            _wills.Publish(session, will);
        if (session.EndsAt <= now)
            End(session);
    }

    private void End(Session session)
    {
        _unheld.Remove(session);
        if (_byId.TryGetValue(session.ClientId, out var current) && ReferenceEquals(current, session))
            _byId.Remove(session.ClientId);
        broker.Router.Unsubscribe(session.Subscriptions.Close());
        _handOver.FromEnded(session);
    }
}
