using TelemetryHub.Broker.Connections;
using TelemetryHub.Broker.Operation;
using TelemetryHub.Broker.Wills;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Log;
using TelemetryHub.Core.Routing;

namespace TelemetryHub.Broker.Sessions;

/// <summary>
/// All sessions by client id: who holds which, when an unheld one ends, when a will is due.
/// Lock order: this one, then the router's, then a session's. Wills are published after the lock is left.
/// </summary>
internal sealed class SessionRegistry(Router router, ILog log, HubPublisher publisher, IAccess access, BrokerOptions options, BrokerStatistics statistics, TimeProvider time)
{
    private static readonly TimeSpan JailTime = TimeSpan.FromSeconds(10);

    private readonly HandOver _handOver = new(router, log, statistics);
    private readonly Lock _gate = new(); // guards everything below and what a session says of itself
    private readonly Dictionary<string, Session> _byId = [];
    private readonly Dictionary<string, long> _jailedUntil = [];
    private readonly HashSet<Session> _unheld = []; // those without a connection: something of theirs may be due

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
        Will? due = null;
        AttachResult result;
        var isPresent = false;
        lock (_gate)
        {
            if (_byId.TryGetValue(request.ClientId, out var session))
            {
                if (IsFlapping(session, connection))
                    return AttachResult.Jailed;
                // MQTT 3.1.1 §3.1.2.4, MQTT 5 §3.1.2.11.2: a session that does not outlive its connection ends with it, also here.
                var isEnding = request.CleanStart || session.ExpirySeconds == 0;
                due = Release(session, isEnding);
                if (isEnding)
                    End(session);
                isPresent = !isEnding;
            }
            else if (_byId.Count >= options.MaxSessions)
            {
                return AttachResult.TooMany;
            }
            if (!isPresent)
                _byId[request.ClientId] = session = Successor(session, request);
            _unheld.Remove(session!);
            session!.Will = request.Will;
            session.ExpirySeconds = Capped(request.ExpirySeconds);
            var isSomebodyElse = session.Principal != request.Principal;
            session.Attach(connection, request.Principal, request.Window);
            if (isSomebodyElse)
                router.RulesChanged(); // the deliver decisions that are cached with the matches were about the other one
            result = AttachResult.Of(session, isPresent);
        }
        PublishWill(due);
        return result;
    }

    /// <summary>The connection is gone. <paramref name="withWill"/>: it did not say goodbye properly.</summary>
    public void Detach(Session session, Connection connection, bool withWill)
    {
        Will? due = null;
        lock (_gate)
        {
            if (!ReferenceEquals(session.Connection, connection))
                return; // taken over: the successor has seen to it
            session.Detach();
            if (!withWill)
                session.Will = null;
            var now = time.GetTimestamp();
            session.EndsAt = now + Ticks(session.ExpirySeconds);
            session.WillDueAt = now + Ticks(session.Will?.DelaySeconds ?? 0);
            _unheld.Add(session);
            due = TakeDue(session, now);
        }
        PublishWill(due);
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
        List<Will> wills = [];
        lock (_gate)
        {
            var now = time.GetTimestamp();
            foreach (var session in _unheld.Where(session => session.IsDue(now)).ToArray())
            {
                if (TakeDue(session, now) is { } will)
                    wills.Add(will);
            }
            foreach (var (clientId, until) in _jailedUntil.ToArray())
            {
                if (until <= now)
                    _jailedUntil.Remove(clientId);
            }
        }
        wills.ForEach(PublishWill);
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

    private bool IsFlapping(Session session, Connection newcomer)
    {
        var now = time.GetTimestamp();
        if (session.Connection is not { } holder)
            return false; // nobody is thrown out
        if (_jailedUntil.TryGetValue(session.ClientId, out var until) && until > now)
            return true;
        if (!session.Takeovers.Add(now / (time.TimestampFrequency / 1000)))
            return false;
        _jailedUntil[session.ClientId] = now + Ticks((uint)JailTime.TotalSeconds);
        newcomer.ReportFlapping(session.ClientId, holder);
        return true;
    }

    // Takeovers are the client id's, not the session's: two devices that throw each other out may both start clean.
    private Session Successor(Session? before, SessionRequest request) =>
        new(request.ClientId, request.Principal, options, statistics, log) { Takeovers = before?.Takeovers ?? new Takeovers() };

    // MQTT 5 §3.1.2.5: a will is not published when the client comes back within its delay; it is when the connection is
    // taken over without a delay, and when its session ends.
    private static Will? Release(Session session, bool isEnding)
    {
        var holder = session.Connection;
        holder?.TakeOver();
        var isDue = isEnding || (holder is not null && session.Will is { DelaySeconds: 0 });
        var will = TakeWill(session);
        return isDue ? will : null;
    }

    private static Will? TakeWill(Session session)
    {
        var will = session.Will;
        session.Will = null;
        return will;
    }

    // The will if its delay is over or the session ends (MQTT 5 §3.1.3.2.2: whichever is first), and the end of the session if it is due.
    private Will? TakeDue(Session session, long now)
    {
        var will = session.IsDue(now) ? TakeWill(session) : null;
        if (session.EndsAt <= now)
            End(session);
        return will;
    }

    private void End(Session session)
    {
        _unheld.Remove(session);
        if (_byId.TryGetValue(session.ClientId, out var current) && ReferenceEquals(current, session))
            _byId.Remove(session.ClientId);
        router.Unsubscribe(session.BeginEnd());
        _handOver.FromEnded(session);
    }

    // MQTT 5 §3.1.3.2: asked again when it is sent, because the rules may have changed since it was set.
    private void PublishWill(Will? will)
    {
        if (will is null)
            return;
        if (!access.MayPublish(will.Publisher, will.Topic.Name))
            statistics.Drop(DropReason.NotAuthorized);
        else if (will.Retain && will.Payload.Length > 0 && router.RetainedBytes >= options.MaxRetainedBytes)
            statistics.Drop(DropReason.RetainedFull);
        else
            publisher.Publish(will.ToEvent(time.GetUtcNow().ToUnixTimeMilliseconds()));
    }

    private uint Capped(uint seconds) => (uint)Math.Min(seconds, Math.Min(options.MaxSessionExpiry.TotalSeconds, uint.MaxValue));

    private long Ticks(uint seconds) => seconds * time.TimestampFrequency;
}
