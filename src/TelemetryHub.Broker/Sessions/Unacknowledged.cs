using TelemetryHub.Broker.Operation;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Log;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Broker.Sessions;

/// <summary>The QoS 1 and 2 deliveries of a session that are on their way, and those that must be sent again. The session's lock guards it.</summary>
internal sealed class Unacknowledged(BrokerStatistics statistics, ILog log, Ledger? ledger)
{
    private readonly InflightWindow _window = new();

    public int Count => _window.Count;

    /// <summary>How many wait to be sent again.</summary>
    public int AgainCount => _window.AgainCount;

    /// <summary>The deliveries below this ordinal have been sent, or never will be.</summary>
    public long SentUpTo { get; private set; }

    /// <summary>The release of the next one to be sent again must be kept first; 0 when there is nothing to wait for.</summary>
    public long AwaitedTicket { get; private set; }

    /// <summary>Would its packet id be free?</summary>
    public bool CanAdd(long ordinal) => _window.CanAdd(ordinal);

    public void Add(in Queued entry)
    {
        _window.Add(entry);
        SentUpTo = entry.Ordinal + 1;
    }

    /// <summary>Takes up how far a session had got before a restart.</summary>
    public void RestoreSent(long upTo) => SentUpTo = Math.Max(SentUpTo, upTo);

    /// <summary>The client is here: everything is due again.</summary>
    public void Resume() => _window.BeginAgain();

    /// <summary>The client is gone: leaves the events to the log if that keeps them.</summary>
    public void Suspend()
    {
        _window.StopAgain();
        if (log.KeepsEvents)
            _window.Forget();
    }

    /// <summary>
    /// The next packet to send again. What was acknowledged, or got its PUBREC, while it waited is not due any more as it was.
    /// </summary>
    public bool TryTakeAgain(in DeliveryLimits limits, int window, out Outgoing outgoing, out bool isStarved)
    {
        (outgoing, isStarved, AwaitedTicket) = (default, false, 0);
        while (_window.AgainCount > 0)
        {
            ref var entry = ref _window.PeekAgain();
            // MQTT 5 §4.9: what is sent again counts against the new connection's window; PUBREL does not.
            if (!entry.IsReleased && _window.Count - _window.AgainCount >= window)
                return false;
            if (entry.IsReleased && log.State(entry.ReleaseTicket) == KeptState.Pending)
            {
                AwaitedTicket = entry.ReleaseTicket;
                return false;
            }
            if (isStarved = entry is { Event: null, IsReleased: false, IsLost: false } && !TryLoad(ref entry))
                return false;
            _window.PassAgain();
            if (IsSendable(entry, limits))
            {
                outgoing = OutgoingOf(entry);
                return true;
            }
            Settle(entry.Ordinal);
        }
        return false;
    }

    /// <summary>Adds what must be sent again and is only in the log to the page; false when that is full.</summary>
    public bool TryAddMissing(Page page)
    {
        foreach (var ordinal in _window.AgainOrdinals())
        {
            ref readonly var entry = ref _window.At(ordinal);
            if (entry is { Event: null, IsReleased: false, IsLost: false } && !page.TryAdd(entry))
                return false;
        }
        return true;
    }

    /// <summary>What the log gave back for this delivery; null: nothing. False when it is not on its way.</summary>
    public bool TryFill(long ordinal, Event? @event)
    {
        if (!_window.Contains(ordinal))
            return false;
        ref var entry = ref _window.At(ordinal);
        if (@event is null)
            entry.Lose();
        else if (!entry.IsReleased)
            entry.Event = @event;
        return true;
    }

    /// <summary>PUBACK, or PUBREC with an error: the delivery is over. False when the id is not in flight at that step.</summary>
    public bool Acknowledge(ushort packetId, QoS qos)
    {
        if (!_window.TryFind(packetId, out var ordinal) || _window.At(ordinal).IsReleased || !MayBe(_window.At(ordinal), qos))
            return false;
        Settle(ordinal);
        return true;
    }

    /// <summary>PUBREC: PUBREL is due once the ticket is kept, or the message could come once more after a crash. Also true when it came before.</summary>
    public bool Receive(ushort packetId, out long ticket)
    {
        ticket = 0;
        if (!_window.TryFind(packetId, out var ordinal) || !MayBe(_window.At(ordinal), QoS.ExactlyOnce))
            return false;
        ref var entry = ref _window.At(ordinal);
        if (!entry.IsReleased)
            entry.Release(ledger?.Released(ordinal) ?? 0);
        ticket = entry.ReleaseTicket;
        return true;
    }

    /// <summary>PUBCOMP: the delivery is over.</summary>
    public bool Complete(ushort packetId)
    {
        if (!_window.TryFind(packetId, out var ordinal) || !_window.At(ordinal).IsReleased)
            return false;
        Settle(ordinal);
        return true;
    }

    /// <summary>What was sent because of a shared subscription.</summary>
    public IEnumerable<Queued> Shared() => _window.InOrder().Where(entry => entry is { Route.Group: not null, IsReleased: false });

    // A delivery that has given up its event does not know its QoS either.
    private static bool MayBe(in Queued entry, QoS qos) => entry.IsReleased ? qos == QoS.ExactlyOnce : entry.Event is null || entry.Delivery.QoS == qos;

    private void Settle(long ordinal)
    {
        _window.Remove(ordinal);
        ledger?.Settled(ordinal);
    }

    private bool TryLoad(ref Queued entry)
    {
        var read = new SingleEvent();
        if (log.Read(entry.Sequence, read) == 0 || read[0].Sequence != entry.Sequence)
            return false;
        entry.Event = read[0];
        return true;
    }

    // Also false when the new connection takes smaller packets than the one before (MQTT 5 §3.1.2.11.4: as if it had been delivered).
    private bool IsSendable(in Queued entry, in DeliveryLimits limits)
    {
        if (entry.IsReleased || (!entry.IsLost && limits.Fits(entry.Delivery)))
            return true;
        statistics.Drop(entry.IsLost ? DropReason.NotKept : DropReason.TooLargeForSubscriber);
        return false;
    }

    private static Outgoing OutgoingOf(in Queued entry) => entry.IsReleased
        ? new Outgoing(default, entry.PacketId, QoS.ExactlyOnce, IsDuplicate: false, IsRelease: true)
        : new Outgoing(entry.Delivery, entry.PacketId, entry.Delivery.QoS, IsDuplicate: true, IsRelease: false);

    [System.Runtime.CompilerServices.InlineArray(1)]
    private struct SingleEvent
    {
        private Event _first;
    }
}
