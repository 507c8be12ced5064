using TelemetryHub.Core.Routing;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Broker.Sessions;

/// <summary>The subscriptions of one session, by their filters. Guarded by the session's lock, which it takes itself.</summary>
internal sealed class SubscriptionList(Lock gate, int maxCount)
{
    private readonly Dictionary<TopicFilter, Subscription> _byFilter = [];
    private bool _isClosed;

    /// <summary>Is the session over, or about to be?</summary>
    public bool IsClosed
    {
        get
        {
            lock (gate)
                return _isClosed;
        }
    }

    /// <summary>The subscription with this filter that <paramref name="subscription"/> replaces, if any; false when there are too many.</summary>
    public bool TryAdd(Subscription subscription, out Subscription? replaced)
    {
        lock (gate)
        {
            if ((!_byFilter.TryGetValue(subscription.Filter, out replaced) && _byFilter.Count >= maxCount) || _isClosed)
                return false;
            _byFilter[subscription.Filter] = subscription;
            return true;
        }
    }

    public Subscription? Remove(TopicFilter filter)
    {
        lock (gate)
            return _byFilter.Remove(filter, out var removed) ? removed : null;
    }

    /// <summary>The shared ones among them.</summary>
    public List<TopicFilter> SharedFilters()
    {
        lock (gate)
            return [.. _byFilter.Keys.Where(filter => filter.IsShared)];
    }

    /// <summary>The session ends: takes no more, and returns those it had.</summary>
    public List<Subscription> Close()
    {
        lock (gate)
        {
            _isClosed = true;
            List<Subscription> all = [.. _byFilter.Values];
            _byFilter.Clear();
            return all;
        }
    }
}
