using TelemetryHub.Core.Events;

namespace TelemetryHub.Core.Routing;

/// <content>What the log remembers is taken up after a restart, before anything new is routed.</content>
public sealed partial class Router
{
    /// <summary>Takes up the retained messages of before a restart. Before anything is routed.</summary>
    public void RestoreRetained(IEnumerable<Event> retained)
    {
        using (_gate.EnterScope())
        {
            foreach (var @event in retained)
            {
                _topics.SetLatest(@event.Topic, @event);
                _retained.Apply(@event);
            }
        }
    }

    /// <summary>Takes up subscriptions of before a restart: they have had their retained messages.</summary>
    public void RestoreSubscriptions(IEnumerable<Subscription> subscriptions)
    {
        using (_gate.EnterScope())
        {
            foreach (var subscription in subscriptions)
                _subscriptions.Add(subscription);
        }
    }

    /// <summary>Routes what is in the log of before a restart and had perhaps not been routed then. Before anything new is.</summary>
    public void RouteAgain(IEnumerable<Event> events)
    {
        foreach (var batch in events.Chunk(BatchEvents))
        {
            List<ISubscriber> woken;
            using (_gate.EnterScope())
            {
                foreach (var @event in batch)
                    RouteOne(@event);
                woken = TakeWoken();
            }
            WakeAll(woken);
        }
    }

    /// <summary>
    /// Takes up latest values of before a restart, where no newer one is known. At any time, in any order: live events are routed between two batches.
    /// False when the table has no room for more but by forgetting topics that are in use.
    /// </summary>
    public bool RememberLatest(IEnumerable<Event> past)
    {
        foreach (var batch in past.Chunk(BatchEvents))
        {
            using (_gate.EnterScope())
            {
                if (!Array.TrueForAll(batch, _topics.TryRemember))
                    return false;
            }
        }
        return true;
    }
}
