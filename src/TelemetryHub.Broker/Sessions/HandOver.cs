using TelemetryHub.Broker.Operation;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Routing;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Broker.Sessions;

/// <summary>
/// Brings deliveries of shared subscriptions that a session cannot take any more to other members (MQTT 5 §4.8.2): at once when their
/// events are in memory, otherwise on a thread that may wait for the disk.
/// </summary>
internal sealed class HandOver(MqttBroker broker)
{
    private const int EventsPerRead = 64;

    /// <summary>A member went away: what it has not been sent goes to the others, if there are any.</summary>
    public void FromAbsent(Session session)
    {
        var filters = session.Subscriptions.SharedFilters();
        filters.RemoveAll(filter => !broker.Router.HasOtherMembers(filter, session));
        if (filters.Count > 0)
            Begin(session, session.TakeShared(filters), done: null);
    }

    /// <summary>A session is over: so does what it was sent with QoS 1 and did not acknowledge.</summary>
    /// <remarks>Only then is its end recorded: with it everything recorded of it is forgotten.</remarks>
    public void FromEnded(Session session) => Begin(session, session.End(), done: session.Ledger is { } ledger ? ledger.Ended : null);

    private void Begin(Session session, List<Queued> taken, Action? done)
    {
        if (!taken.TrueForAll(entry => entry.Event is not null))
        {
            ThreadPool.UnsafeQueueUserWorkItem(async _ => await ReadAndGiveAsync(session, taken, done).ConfigureAwait(false), null);
            return;
        }
        taken.ForEach(entry => Give(session, entry, entry.Event));
        done?.Invoke();
    }

    private async Task ReadAndGiveAsync(Session session, List<Queued> taken, Action? done)
    {
        var failures = 0; // in a row: what cannot be read for a minute is given up, and then nothing more is waited for
        foreach (var entries in taken.Chunk(EventsPerRead))
        {
            long[] sequences = [.. entries.Where(entry => entry.Event is null).Select(entry => entry.Sequence).Distinct().Order()];
            var events = new Event?[sequences.Length];
            failures = await ReadBackAsync(sequences, events, failures).ConfigureAwait(false);
            foreach (var entry in entries)
                Give(session, entry, entry.Event ?? events[Array.BinarySearch(sequences, entry.Sequence)]);
        }
        done?.Invoke();
    }

    private async Task<int> ReadBackAsync(long[] sequences, Event?[] events, int failures)
    {
        while (!broker.Log.TryReadBack(sequences, events))
        {
            if (failures == DelayedReads.MaxTries)
            {
                broker.Log.ReadBackSingly(sequences, events);
                return failures;
            }
            var pause = Task.Delay(DelayedReads.DelayAfter(++failures), broker.Time);
            broker.ReportUnreadable(DelayedReads.DelayAfter(failures));
            await pause.ConfigureAwait(false);
        }
        return 0;
    }

    private void Give(Session session, in Queued entry, Event? @event)
    {
        if (@event is null)
            broker.Statistics.Drop(DropReason.NotKept);
        else
            Give(session, new Delivery(@event, entry.Route, entry.IsReplay), entry.IsSent);
        session.KeptLedger?.Settled(entry.Ordinal); // after the other's record of it
    }

    private void Give(Session session, in Delivery delivery, bool wasSent)
    {
        if (wasSent && delivery.QoS == QoS.ExactlyOnce)
            return; // MQTT 5 §4.8.2: it may have been received, and then must not be by another
        if (!broker.Router.HandOver(delivery, session) && !session.Subscriptions.IsClosed && session.Deliver(delivery))
            session.Wake(); // it is back already
    }
}
