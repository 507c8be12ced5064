namespace TelemetryHub.Broker.Sessions;

/// <content>What is only in the log is read back, a page at a time, on a thread that may wait for the disk.</content>
internal sealed partial class Session
{
    private readonly DelayedReads _delayedReads;

    // Guarded by the session's lock.
    private Page? _page; // being read back
    private int _failedReads; // in a row: the disk did not give anything
    private bool _isReadDelayed; // until ReadAgain

    /// <summary>A page has been read, or as much of it as could be. Any thread.</summary>
    public void OnRead(Page page)
    {
        int failures;
        lock (_gate)
        {
            _page = null;
            _isReadDelayed = page.Count == 0;
            _failedReads = _isReadDelayed ? _failedReads + 1 : page.HasFailed ? _failedReads : 0;
            failures = _failedReads;
            if (!_isReadDelayed && _connection is not null)
                _deliveries.Fill(page);
        }
        if (page.Count == 0)
            _delayedReads.Add(this, failures);
        else
            Wake();
    }

    /// <summary>The disk has had time to come to itself. Any thread.</summary>
    public void ReadAgain()
    {
        lock (_gate)
            _isReadDelayed = false;
        Wake();
    }

    private void ReadNextPage()
    {
        if (_page is null && !_isReadDelayed && (_page = _deliveries.NextPage(this, isLastTry: _failedReads >= DelayedReads.MaxTries)) is not null)
            ThreadPool.UnsafeQueueUserWorkItem(_page, preferLocal: false);
    }
}
