using TelemetryHub.Core.Feeds.Control;

namespace TelemetryHub.Server.Feeds;

/// <summary>Counts those who read, however they do, and lets no more in than may be. Any thread.</summary>
internal sealed class Admission(FeedsOptions options)
{
    private readonly Lock _lock = new(); // guards what follows
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count, _mostAtOnce;
    private bool _isClosed;

    /// <summary>How many there have been at the same time: so many may come back together.</summary>
    public int MostAtOnce => Volatile.Read(ref _mostAtOnce);

    /// <summary>How many there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Lets one in, who then has to <see cref="Leave"/>; or says why not.</summary>
    public ByeReason Enter()
    {
        lock (_lock)
        {
            if (_isClosed)
                return ByeReason.Shutdown;
            if (_count >= options.MaxReaders)
                return ByeReason.Overload;
            _count++;
            _mostAtOnce = Math.Max(_mostAtOnce, _count);
            return ByeReason.None;
        }
    }

    /// <summary>One has gone.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            _count--;
            AnswerWhenEmpty();
        }
    }

    /// <summary>Lets nobody in any more; completed when the last has gone.</summary>
    public Task CloseAsync()
    {
        lock (_lock)
        {
            _isClosed = true;
            AnswerWhenEmpty();
        }
        return _empty.Task;
    }

    private void AnswerWhenEmpty()
    {
        if (_isClosed && _count == 0)
            _empty.TrySetResult();
    }
}
