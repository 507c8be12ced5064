using TelemetryHub.Core.Feeds.Control;

namespace TelemetryHub.Core.Feeds.Reports;

/// <summary>What was written to a reader, and what it missed. Counted by its owner; read by any thread.</summary>
internal sealed class ReaderTally(FeedTable table, OverflowPolicy policy)
{
    private long _writtenBytes;
    private long _wroteAt = table.Ticks;
    private Dictionary<MissedReason, long>? _missed;

    public long WrittenBytes => Volatile.Read(ref _writtenBytes);

    /// <summary>At which tick of the table something was written last: an event at the one that follows, a heartbeat at the one that asked for it.</summary>
    public long WroteAt => Volatile.Read(ref _wroteAt);

    /// <summary>How many events it was told to have missed.</summary>
    public IReadOnlyDictionary<MissedReason, long> Missed => Volatile.Read(ref _missed) ?? [];

    public void Written(int bytes)
    {
        Volatile.Write(ref _writtenBytes, _writtenBytes + bytes);
        Volatile.Write(ref _wroteAt, table.Ticks + 1);
        table.Metrics.Written(bytes);
    }

    /// <summary>A heartbeat was written.</summary>
    public void WroteCursor() => Volatile.Write(ref _wroteAt, table.Ticks);

    public void CountMissed(MissedReason reason, long events)
    {
        var missed = _missed is null ? [] : new Dictionary<MissedReason, long>(_missed); // replaced, not changed: others look at it
        missed[reason] = missed.GetValueOrDefault(reason) + events;
        Volatile.Write(ref _missed, missed);
        table.Metrics.Missed(reason, policy, events);
    }
}
