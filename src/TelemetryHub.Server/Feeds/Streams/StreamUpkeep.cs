using System.Collections.Concurrent;

namespace TelemetryHub.Server.Feeds.Streams;

/// <summary>What must happen to open streams because time passes: write deadlines, pings. One timer for all of them. Any thread.</summary>
internal sealed class StreamUpkeep : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<ILiveStream, bool> _streams = [];
    private readonly Lock _running = new(); // one tick at a time: a late one is skipped
    private readonly ITimer _timer;

    public StreamUpkeep(TimeProvider time) => _timer = time.CreateTimer(_ => Tick(Environment.TickCount64), null, Interval, Interval);

    /// <summary>Looks after it from now on.</summary>
    public void Add(ILiveStream stream) => _streams.TryAdd(stream, true);

    /// <summary>It has ended.</summary>
    public void Remove(ILiveStream stream) => _streams.TryRemove(stream, out _);

    /// <summary>Tells all that the hub stops.</summary>
    public void StopAll()
    {
        foreach (var (stream, _) in _streams)
            stream.Stop();
    }

    /// <summary>Ends all that are still open.</summary>
    public void AbortAll()
    {
        foreach (var (stream, _) in _streams)
            stream.Abort();
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    internal void Tick(long nowMilliseconds)
    {
        if (!_running.TryEnter())
            return;
        try
        {
            foreach (var (stream, _) in _streams)
                stream.Tick(nowMilliseconds);
        }
        finally
        {
            _running.Exit();
        }
    }
}
