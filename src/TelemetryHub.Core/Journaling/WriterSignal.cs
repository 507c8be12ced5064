namespace TelemetryHub.Core.Journaling;

/// <summary>
/// Wakes the writer. Gently, when there is something to write for which nobody waits: it gathers for a moment; at once, when somebody waits.
/// </summary>
internal sealed class WriterSignal : IDisposable
{
    // No spinning: on a machine with two cores it would take one from those who publish.
    private readonly ManualResetEventSlim _event = new(initialState: false, spinCount: 0);
    private readonly ManualResetEventSlim _end = new(initialState: false, spinCount: 0);
    private volatile bool _isIdle;
    private volatile bool _isUrgent;

    /// <summary>There is something to write. Any thread, after it has been added.</summary>
    public void Gently()
    {
        if (_isIdle)
            _event.Set();
    }

    /// <summary>Somebody waits. Any thread.</summary>
    public void Now()
    {
        _isUrgent = true;
        // Either the writer sees the urgency behind its reset, or it is seen here that it has reset.
        Interlocked.MemoryBarrier();
        if (!_event.IsSet)
            _event.Set();
    }

    /// <summary>The end has come: the writer waits no more.</summary>
    public void End()
    {
        _end.Set();
        Now();
    }

    /// <summary>Has it come?</summary>
    public bool IsEnd => _end.IsSet;

    /// <summary>
    /// The writer waits for something to do: until it is woken, or as long as <paramref name="idle"/> allows; once woken gently, another
    /// <paramref name="gather"/> unless somebody waits. <paramref name="hasWork"/> is asked after it has said that it sleeps.
    /// </summary>
    public void Wait(TimeSpan idle, TimeSpan gather, Func<bool> hasWork)
    {
        if (!_isUrgent)
        {
            _isIdle = true;
            // Either the thread that adds sees that the writer is idle, or the writer sees what was added. Adding ends with a lock.
            Interlocked.MemoryBarrier();
            if (!hasWork() && !_isUrgent)
                _event.Wait(idle);
            _isIdle = false;
            _event.Reset();
            if (!_isUrgent && hasWork())
                _event.Wait(gather);
        }
        // In this order: the reset is a full barrier, so that whoever's urgency is taken back here is found waiting afterwards.
        _isUrgent = false;
        _event.Reset();
    }

    /// <summary>The writer waits for as long as this, whoever wants something: the disk must be left alone for a while.</summary>
    public void Pause(TimeSpan time) => _end.Wait(time);

    public void Dispose()
    {
        _event.Dispose();
        _end.Dispose();
    }
}
