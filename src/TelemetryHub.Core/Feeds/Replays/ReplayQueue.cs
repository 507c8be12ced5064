using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using TelemetryHub.Core.Feeds.Control;

namespace TelemetryHub.Core.Feeds.Replays;

/// <summary>Who waits for a page of the past, served in turn by a few pool threads, because reading blocks. Thread-safe.</summary>
internal sealed partial class ReplayQueue(int maxWorkers, TimeProvider time, ILogger logger)
{
    // A disk that fails is asked again after this.
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<FeedReader> _waiting = new();
    private int _workers;

    public int Count => _waiting.Count;

    public void Add(FeedReader reader)
    {
        _waiting.Enqueue(reader);
        AddWorker();
    }

    private void AddWorker()
    {
        var workers = Volatile.Read(ref _workers);
        while (workers < maxWorkers)
        {
            var seen = Interlocked.CompareExchange(ref _workers, workers + 1, workers);
            if (seen == workers)
            {
                ThreadPool.UnsafeQueueUserWorkItem(static queue => queue.Work(), this, preferLocal: false);
                return;
            }
            workers = seen;
        }
    }

    private void Work()
    {
        while (_waiting.TryDequeue(out var reader))
            Serve(reader);
        Interlocked.Decrement(ref _workers);
        if (!_waiting.IsEmpty)
            AddWorker(); // it came between the two lines above, when there were workers enough
    }

    [SuppressMessage("Design", "CA1031", Justification = "A bug costs the reader that it met, is reported, and must not keep the others from being served.")]
    private void Serve(FeedReader reader)
    {
        try
        {
            if (!reader.TryMakePage())
                AddLater(reader);
        }
        catch (Exception fault)
        {
            Messages.Fault(logger, fault, reader.Number);
            reader.Close(ByeReason.Failed);
        }
    }

    private void AddLater(FeedReader reader)
    {
        ITimer? timer = null;
        timer = time.CreateTimer(_ => Again(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Change(RetryDelay, Timeout.InfiniteTimeSpan);

        void Again()
        {
            timer!.Dispose();
            Add(reader);
        }
    }

    private static partial class Messages
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The past could not be read for reader {Reader} because of an unexpected fault")]
        public static partial void Fault(ILogger logger, Exception fault, long reader);
    }
}
