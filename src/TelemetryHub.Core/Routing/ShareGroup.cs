using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Routing;

/// <summary>
/// The members of one shared subscription. Each event goes to one of them, in turn; a member that is away or has no room is passed
/// over while another can take it. Guarded by the router's lock.
/// </summary>
public sealed class ShareGroup : IRouteSource
{
    private readonly List<Subscription> _members = [];
    private Subscription[]? _snapshot;
    private int _turn;

    /// <summary>A group without members: what a delivery of before a restart came by.</summary>
    public ShareGroup(TopicFilter filter) => Filter = filter;

    /// <summary>The filter with its <c>$share/group/</c> prefix: what makes the group one.</summary>
    public TopicFilter Filter { get; }

    internal bool IsEmpty => _members.Count == 0;

    /// <summary>All of them as they are now; the same array until one comes or goes.</summary>
    internal Subscription[] Members => _snapshot ??= [.. _members];

    internal void Add(Subscription member)
    {
        _members.Add(member);
        _snapshot = null;
    }

    internal bool Remove(Subscription member)
    {
        _snapshot = null;
        return _members.Remove(member);
    }

    /// <summary>
    /// Whose turn it is among these members; one that is not ready is second choice. Null when nobody is left.
    /// </summary>
    internal Route? Next(Subscription[] members, ISubscriber? notTo)
    {
        var secondChoice = -1;
        for (var step = 1; step <= members.Length; step++)
        {
            var turn = (_turn + step) % members.Length;
            if (ReferenceEquals(members[turn].Target, notTo))
                continue;
            if (members[turn].Target.IsReady)
                return Take(members, turn);
            if (secondChoice < 0)
                secondChoice = turn;
        }
        return secondChoice < 0 ? null : Take(members, secondChoice);
    }

    private Route Take(Subscription[] members, int turn)
    {
        _turn = turn;
        return members[turn].Solo;
    }
}
