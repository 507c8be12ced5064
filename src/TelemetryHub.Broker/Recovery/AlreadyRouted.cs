using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Broker.Recovery;

/// <summary>
/// Which events the router was done with, as the records tell it. The log's own word comes a little late, and what it routes again after a restart
/// must not be queued twice, nor for a subscription that was made after the event. It follows from the order of the records: the router takes the
/// events in order, and records each delivery while it routes.
/// </summary>
internal sealed class AlreadyRouted
{
    private readonly List<TopicFilter> _groups = []; // the shared subscriptions that have had the event at UpTo

    /// <summary>Everything below has been routed; the event itself perhaps in part.</summary>
    public long UpTo { get; private set; }

    public IReadOnlyList<TopicFilter> Groups => _groups;

    /// <summary>Everything below is done.</summary>
    public void Advance(long sequence)
    {
        if (sequence <= UpTo)
            return;
        UpTo = sequence;
        _groups.Clear();
    }

    /// <summary>The group has had this event.</summary>
    public void AddGroup(long sequence, TopicFilter filter)
    {
        if (sequence == UpTo && !_groups.Contains(filter))
            _groups.Add(filter);
    }

    /// <summary>
    /// Has the event been queued before, or would it not have been at its time? For deliveries of the router, not for those that are handed over.
    /// </summary>
    /// <param name="sequence">The event.</param>
    /// <param name="group">The shared subscription by which it comes; the empty filter for none.</param>
    /// <param name="lastSequence">What <see cref="SessionImage.LastSequence"/> says of the session.</param>
    public bool Covers(long sequence, TopicFilter group, long lastSequence) =>
        sequence < UpTo || (sequence == UpTo && (group.IsEmpty ? lastSequence == sequence : _groups.Contains(group)));
}
