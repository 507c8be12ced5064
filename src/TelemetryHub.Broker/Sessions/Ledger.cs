using TelemetryHub.Broker.Recovery;
using TelemetryHub.Broker.Wills;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Routing;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Broker.Sessions;

/// <summary>
/// What the log is told about one session, so that a start can make it again. A session that nothing would be missed of has none: neither outlives it
/// its connection, nor has it a will. Any thread.
/// </summary>
internal sealed class Ledger(SessionJournal journal, uint session)
{
    private readonly Lock _gate = new(); // guards both fields below, and the order of the records
    private long _lastTicket;
    private int _holders;

    /// <summary>The session's number.</summary>
    public uint Session => session;

    /// <summary>When this is kept, so is everything recorded before.</summary>
    public long LastTicket
    {
        get
        {
            lock (_gate)
                return _lastTicket;
        }
    }

    /// <summary>A client holds the session; how many did before it. The will is its will: of an earlier one nothing is said any more.</summary>
    public int Opened(Principal holder, uint expirySeconds, int window, bool isNew, Will? will)
    {
        lock (_gate)
        {
            journal.Opened(session, holder, expirySeconds, window, isNew, will);
            return ++_holders;
        }
    }

    public void Closed(long at, uint expirySeconds, bool keepsWill, long sentUpTo)
    {
        lock (_gate)
            journal.Closed(new ClosedRecord(session, at, expirySeconds, keepsWill, sentUpTo));
    }

    /// <summary>The will of this holder has been said.</summary>
    public void WillGone(int holder)
    {
        lock (_gate)
        {
            if (holder == _holders)
                journal.WillGone(session);
        }
    }

    public void Ended()
    {
        lock (_gate)
            journal.Ended(session);
    }

    public void Subscribed(Subscription subscription)
    {
        lock (_gate)
            _lastTicket = journal.Subscribed(session, subscription);
    }

    public void Unsubscribed(TopicFilter filter)
    {
        lock (_gate)
            _lastTicket = journal.Unsubscribed(session, filter);
    }

    public long Delivered(in Delivery delivery, long ordinal)
    {
        lock (_gate)
        {
            return _lastTicket = delivery.IsReplay
                ? journal.Replayed(session, ordinal, delivery.Event, delivery.Route)
                : journal.Delivered(session, ordinal, delivery.Event.Sequence, delivery.Route);
        }
    }

    public void Settled(long ordinal)
    {
        lock (_gate)
            journal.Settled(session, ordinal);
    }

    public long Released(long ordinal)
    {
        lock (_gate)
            return journal.Released(session, ordinal);
    }

    public long PublishReleased(ushort packetId)
    {
        lock (_gate)
            return journal.PublishReleased(session, packetId);
    }
}
