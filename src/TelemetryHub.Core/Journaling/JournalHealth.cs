namespace TelemetryHub.Core.Journaling;

/// <summary>How the journal is doing, for health checks, metrics and the log. Any thread reads it.</summary>
public sealed class JournalHealth
{
    private readonly TimeSpan _slowAfter;
    private readonly TimeProvider _time;
    private readonly List<string> _quarantined = []; // guarded by itself
    private readonly List<string> _losses = []; // guarded by itself
    private volatile string? _failure;
    private long _busySince; // a timestamp; 0 = the writer is not at the disk
    private long _notWritten, _stateLost, _failures, _syncs, _written, _writtenBytes, _dropped;

    internal JournalHealth(TimeSpan slowAfter, TimeProvider time) => (_slowAfter, _time) = (slowAfter, time);

    /// <summary>Why nothing durable is accepted now, or why it takes so long; null when all is well.</summary>
    public string? Problem => _failure ?? (Busy is var busy && busy > _slowAfter ? $"the disk has not answered for {(long)busy.TotalSeconds} s" : null);

    /// <summary>The files that were set aside because they were damaged, since the start.</summary>
    public IReadOnlyList<string> Quarantined
    {
        get
        {
            lock (_quarantined)
                return [.. _quarantined];
        }
    }

    /// <summary>What the start found to be missing without a file that could be set aside for it.</summary>
    public IReadOnlyList<string> Losses
    {
        get
        {
            lock (_losses)
                return [.. _losses];
        }
    }

    /// <summary>For how long the disk has been at one and the same operation.</summary>
    internal TimeSpan Busy => Volatile.Read(ref _busySince) is var since and not 0 ? _time.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>Events that were delivered live but not written, because the disk failed.</summary>
    public long EventsNotWritten => Volatile.Read(ref _notWritten);

    /// <summary>How often the disk failed.</summary>
    public long Failures => Volatile.Read(ref _failures);

    /// <summary>Syncs so far: each made everything before it durable.</summary>
    public long Syncs => Volatile.Read(ref _syncs);

    /// <summary>Events written so far.</summary>
    public long EventsWritten => Volatile.Read(ref _written);

    /// <summary>Bytes written so far.</summary>
    public long BytesWritten => Volatile.Read(ref _writtenBytes);

    /// <summary>Events that age or size took.</summary>
    public long EventsDropped => Volatile.Read(ref _dropped);

    /// <summary>Records of state that found no room in memory while the disk failed.</summary>
    public long StateLost => Volatile.Read(ref _stateLost);

    internal void Fail(string reason)
    {
        _failure = reason;
        Interlocked.Increment(ref _failures);
    }

    internal void Recover() => _failure = null;

    internal void Quarantine(string file)
    {
        lock (_quarantined)
            _quarantined.Add(file);
    }

    internal void Lose(string what)
    {
        lock (_losses)
            _losses.Add(what);
    }

    internal void BeginDisk() => Volatile.Write(ref _busySince, Math.Max(_time.GetTimestamp(), 1));

    internal void EndDisk() => Volatile.Write(ref _busySince, 0);

    internal void CountNotWritten(long events = 1) => Interlocked.Add(ref _notWritten, events);

    internal void CountStateLost() => Interlocked.Increment(ref _stateLost);

    internal void CountWritten(long events, long bytes)
    {
        Volatile.Write(ref _written, _written + events);
        Volatile.Write(ref _writtenBytes, _writtenBytes + bytes);
    }

    internal void CountSync() => Volatile.Write(ref _syncs, _syncs + 1);

    internal void CountDropped(long events) => Interlocked.Add(ref _dropped, events);
}
