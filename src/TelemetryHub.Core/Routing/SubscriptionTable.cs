using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Routing;

/// <summary>All subscriptions in a filter tree, and the routes that a topic's events take. Guarded by the router's lock.</summary>
internal sealed class SubscriptionTable(IAccess access)
{
    private readonly FilterTree<IRouteSource> _tree = new();
    private readonly Dictionary<TopicFilter, ShareGroup> _groups = [];
    private readonly List<IRouteSource> _matches = [];
    private readonly Dictionary<ISubscriber, int> _firstOf = [];
    private long _version;

    /// <summary>Changes with every change of the subscriptions: routes of another version are computed again.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>How many subscriptions there are; members of shared ones count each.</summary>
    public int Count { get; private set; }

    /// <summary>How many shared subscriptions there are.</summary>
    public int SharedCount => _groups.Count;

    public void Add(Subscription subscription)
    {
        Count++;
        Invalidate();
        if (!subscription.Filter.IsShared)
        {
            _tree.Add(subscription.Filter, subscription);
            return;
        }
        if (!_groups.TryGetValue(subscription.Filter, out var group))
        {
            _groups.Add(subscription.Filter, group = new ShareGroup(subscription.Filter));
            _tree.Add(subscription.Filter, group);
        }
        subscription.Group = group;
        group.Add(subscription);
    }

    /// <summary>Does nothing when it is not there.</summary>
    public void Remove(Subscription subscription)
    {
        if (subscription.Group is { } group ? !group.Remove(subscription) : !_tree.Remove(subscription.Filter, subscription))
            return;
        Count--;
        Invalidate();
        if (subscription.Group is not { IsEmpty: true } empty)
            return;
        _groups.Remove(empty.Filter);
        _tree.Remove(empty.Filter, empty);
    }

    /// <summary>The members of a shared subscription.</summary>
    public Subscription[] MembersOf(TopicFilter shared) => _groups.TryGetValue(shared, out var group) ? group.Members : [];

    /// <summary>Forgets every cached match.</summary>
    public void Invalidate() => Interlocked.Increment(ref _version);

    /// <summary>The routes of a topic, from its cache or computed anew.</summary>
    public RouteSet RoutesOf(Topic topic)
    {
        var cached = topic.Routes;
        if (cached is not null && cached.Version == _version)
            return cached;
        _matches.Clear();
        _tree.Match(topic.Name.Utf8, _matches);
        return topic.Routes = _matches.Count == 0 ? new RouteSet(_version, [], []) : Merge(topic.Name);
    }

    // One route per subscriber, whatever the number of its subscriptions that match (MQTT 5 §3.3.4: one copy, the highest QoS, all
    // identifiers).
    private RouteSet Merge(TopicName topic)
    {
        var direct = new List<Route>(_matches.Count);
        List<ShareMatch>? shared = null;
        _firstOf.Clear();
        foreach (var match in _matches)
        {
            if (match is ShareGroup group)
            {
                if (MembersFor(group, topic) is { Length: > 0 } members)
                    (shared ??= []).Add(new ShareMatch(group, members));
                continue;
            }
            var subscription = (Subscription)match;
            if (!access.MayReceive(subscription.Target.Principal, topic))
                continue;
            if (_firstOf.TryAdd(subscription.Target, direct.Count))
                direct.Add(subscription.Solo);
            else
                direct[_firstOf[subscription.Target]] = Combine(direct[_firstOf[subscription.Target]], subscription.Solo);
        }
        return new RouteSet(_version, [.. direct], shared is null ? [] : [.. shared]);
    }

    private Subscription[] MembersFor(ShareGroup group, TopicName topic)
    {
        var members = group.Members;
        var allowed = Array.FindAll(members, member => access.MayReceive(member.Target.Principal, topic));
        return allowed.Length == members.Length ? members : allowed;
    }

    private static Route Combine(Route one, Route other) => new()
    {
        Target = one.Target,
        MaxQoS = one.MaxQoS > other.MaxQoS ? one.MaxQoS : other.MaxQoS,
        RetainAsPublished = one.RetainAsPublished || other.RetainAsPublished,
        Identifiers = [.. one.Identifiers, .. other.Identifiers],
        NoLocal = one.NoLocal || other.NoLocal,
        ForOwnEvents = one.NoLocal || other.NoLocal ? CombineForOwn(OwnOf(one), OwnOf(other)) : null,
    };

    private static Route? OwnOf(Route route) => route.NoLocal ? route.ForOwnEvents : route;

    private static Route? CombineForOwn(Route? one, Route? other) =>
        one is null ? other : other is null ? one : new Route
        {
            Target = one.Target,
            MaxQoS = one.MaxQoS > other.MaxQoS ? one.MaxQoS : other.MaxQoS,
            RetainAsPublished = one.RetainAsPublished || other.RetainAsPublished,
            Identifiers = [.. one.Identifiers, .. other.Identifiers],
        };
}
