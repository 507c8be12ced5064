using System.Collections.Concurrent;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Log;
using TelemetryHub.Core.Routing;

namespace TelemetryHub.Broker.Wills;

/// <summary>
/// Publishes what the hub itself has to say: wills and <c>$SYS</c>. There is no socket to stop reading when the log is full,
/// so what it does not take waits here, in order, and goes on when there is space. Bounded by the number of sessions and $SYS topics.
/// </summary>
internal sealed class HubPublisher(ILog log, Router router) : ILogWaiter
{
    private readonly ConcurrentQueue<Event> _waiting = new();
    private readonly Lock _gate = new(); // one thread appends at a time: keeps the order

    /// <summary>Publishes, now or soon. Any thread, without a lock held.</summary>
    public void Publish(Event @event)
    {
        _waiting.Enqueue(@event);
        AppendWaiting();
    }

    public void OnKept()
    {
        // nobody waits for an acknowledgement of what the hub says
    }

    public void OnSpace() => ThreadPool.UnsafeQueueUserWorkItem(static self => ((HubPublisher)self!).AppendWaiting(), this);

    private void AppendWaiting()
    {
        lock (_gate)
        {
            while (_waiting.TryPeek(out var next))
            {
                var result = log.TryAppend(next, out _);
                if (result == AppendResult.Full && log.WaitForSpace(this))
                    break; // to the pump: what fills the log may be what was appended here
                if (result == AppendResult.Full)
                    continue; // there is space by now
                // A refusal (disk full) loses it: a will is not worth more than the publishes that were refused as well.
                _waiting.TryDequeue(out _);
            }
        }
        router.Pump();
    }
}
