using System.Collections.Concurrent;
using TelemetryHub.Broker.Operation;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Log;
using TelemetryHub.Core.Routing;

namespace TelemetryHub.Broker.Wills;

/// <summary>
/// Publishes what the hub itself has to say: wills and <c>$SYS</c>. There is no socket to stop reading when the log is full,
/// so what it does not take waits here, in order, and goes on when there is space. Bounded by the number of sessions and $SYS topics.
/// </summary>
internal sealed class HubPublisher(ILog log, Router router, BrokerStatistics statistics) : ILogWaiter
{
    private readonly ConcurrentQueue<(Event Event, Action? Appended)> _waiting = new();
    private readonly Lock _gate = new(); // one thread appends at a time: keeps the order

    /// <summary>Publishes, now or soon. Any thread, without a lock held.</summary>
    public void Publish(Event @event)
    {
        Append(@event, appended: null);
        router.Pump();
    }

    /// <summary>
    /// Appends, now or soon, and leaves it to the caller to pump the router. <paramref name="appended"/> is called right behind, on any thread, within
    /// a lock: it may only record.
    /// </summary>
    public void Append(Event @event, Action? appended)
    {
        _waiting.Enqueue((@event, appended));
        AppendWaiting();
    }

    public void OnKept()
    {
        // nobody waits for an acknowledgement of what the hub says
    }

    public void OnSpace() => ThreadPool.UnsafeQueueUserWorkItem(
        static self =>
        {
            self.AppendWaiting();
            self.Pump();
        },
        this,
        preferLocal: false);

    private void Pump() => router.Pump();

    private void AppendWaiting()
    {
        lock (_gate)
        {
            while (_waiting.TryPeek(out var next))
            {
                var result = log.TryAppend(next.Event, out _);
                if (result == AppendResult.Full && log.WaitForSpace(this))
                    return; // the caller pumps: what fills the log may be what was appended here
                if (result == AppendResult.Full)
                    continue; // there is space by now
                // A refusal (disk full) loses it: a will is not worth more than the publishes that were refused as well.
                if (result == AppendResult.Refused)
                    statistics.Drop(DropReason.LogRefused);
                next.Appended?.Invoke();
                _waiting.TryDequeue(out _);
            }
        }
    }
}
