using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling;
using TelemetryHub.Core.Log;

namespace TelemetryHub.Core.Tests.Journaling.PowerCuts;

/// <summary>Who waits, routes, and gives packet ids back.</summary>
internal sealed partial class BusyHistory
{
    private readonly List<LedgerEntry> _received = []; // QoS 2 events whose packet id is taken
    private long _routedUpTo;
    private long? _routedAtLastSync;

    /// <summary>Somebody waits for something that was appended; what was appended before is decided with it.</summary>
    private async Task DecideAsync(bool mustSync = false)
    {
        var waiting = _undecided.FindLast(entry => KindOf(entry) == TicketKind.Synced || KindOf(entry) == TicketKind.State
            || (!mustSync && KindOf(entry) == TicketKind.Flushed && entry.Written == LedgerEntry.Never));
        if (waiting is null)
            return;
        var (journal, routed) = (_journal, _routedUpTo);
        var moment = await MomentWaiter.DecidedAsync(journal, waiting.Ticket, Disk);
        if (journal.State(waiting.Ticket) == KeptState.Refused)
            return; // the disk has failed: whoever made it fail goes on from there
        var isSynced = KindOf(waiting) != TicketKind.Flushed;
        foreach (var entry in _undecided.TakeWhile(entry => entry.Ticket <= waiting.Ticket))
            entry.Keep(moment, isSynced);
        if (!isSynced)
            return;
        _undecided.RemoveAll(entry => entry.Ticket <= waiting.Ticket);
        // The word of how far the router was comes with the next write.
        if (_routedAtLastSync is { } before)
            Ledger.Routed.Add((moment, before));
        _routedAtLastSync = routed;
        ReleaseIds();
    }

    private void Route()
    {
        var batch = new Event[1 + _random.Next(30)];
        for (int count; (count = _journal.Read(_routedUpTo, batch)) > 0;)
        {
            foreach (var @event in batch.AsSpan(0, count))
                Deliver(@event.Sequence);
            _routedUpTo += count;
            _journal.Routed(_routedUpTo);
            if (_random.Next(4) == 0)
                return;
        }
    }

    private void Deliver(long sequence)
    {
        if (Ledger.Deliver(_journal, Disk, sequence) is { } delivery)
            Note(delivery);
    }

    // Some of the publishers whose event is kept release the id; it is free for the next one once that is kept.
    private void ReleaseIds()
    {
        _received.RemoveAll(entry => entry.Release is { Synced: not LedgerEntry.Never });
        foreach (var entry in _received)
        {
            if (entry is { Release: null, Synced: not LedgerEntry.Never } && _random.Next(2) == 0)
                entry.Release = AppendRecord(NumberedImage.Release(entry.Event!.Session, entry.Event.PacketId));
        }
    }

    private (uint Session, ushort PacketId)? FreeId()
    {
        var id = ((uint)(1 + _random.Next(3)), (ushort)(1 + _random.Next(3)));
        return _received.Any(entry => (entry.Event!.Session, entry.Event.PacketId) == id) ? null : id;
    }

    private static TicketKind KindOf(LedgerEntry entry) => Ticket.From(entry.Ticket).Kind;
}
