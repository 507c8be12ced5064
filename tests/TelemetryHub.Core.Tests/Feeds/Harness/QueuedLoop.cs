using System.Collections.Concurrent;
using TelemetryHub.Core.Feeds;

namespace TelemetryHub.Core.Tests.Feeds.Harness;

/// <summary>Feeds work when the test says so, one piece after the other.</summary>
internal sealed class QueuedLoop : IFeedLoop
{
    private readonly ConcurrentQueue<Action> _work = new();

    public void Post(Action work) => _work.Enqueue(work);

    /// <summary>Does the next piece. False: there is none.</summary>
    public bool Step()
    {
        if (!_work.TryDequeue(out var work))
            return false;
        work();
        return true;
    }

    /// <summary>Does all there is, and what comes of it.</summary>
    public void Run()
    {
        while (Step())
        {
            // the next
        }
    }
}
