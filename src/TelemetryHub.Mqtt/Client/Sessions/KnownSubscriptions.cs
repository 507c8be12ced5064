using TelemetryHub.Mqtt.Packets;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Mqtt.Client.Sessions;

/// <summary>What the server granted and nobody took back: to be asked for again where the server forgot it.</summary>
internal sealed class KnownSubscriptions
{
    // Keeps a SUBSCRIBE below any reasonable packet limit.
    private const int MostFiltersPerRequest = 100;

    private readonly Lock _gate = new(); // guards _known
    private readonly Dictionary<TopicFilter, KnownSubscription> _known = [];

    public void Add(IReadOnlyList<SubscriptionRequest> requests, SubscriptionProperties? properties, SubscriptionAnswer answer)
    {
        lock (_gate)
        {
            for (var i = 0; i < requests.Count; i++)
            {
                if (answer.Outcomes[i].IsSuccess)
                    _known[requests[i].Filter] = new KnownSubscription(requests[i], properties);
            }
        }
    }

    public void Remove(IEnumerable<SubscriptionOutcome> outcomes)
    {
        lock (_gate)
        {
            foreach (var outcome in outcomes)
                _known.Remove(outcome.Filter);
        }
    }

    public void Clear()
    {
        lock (_gate)
            _known.Clear();
    }

    /// <summary>As requests of bounded size; filters that were subscribed with the same properties go together.</summary>
    public List<(SubscriptionProperties? Properties, SubscriptionRequest[] Requests)> Requests()
    {
        lock (_gate)
        {
            return [.. _known.Values
                .GroupBy(known => known.Properties)
                .SelectMany(group => group.Chunk(MostFiltersPerRequest)
                    .Select(chunk => (group.Key, chunk.Select(known => known.Request).ToArray())))];
        }
    }

    private sealed record KnownSubscription(SubscriptionRequest Request, SubscriptionProperties? Properties);
}
