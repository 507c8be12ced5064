using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Routing;

/// <summary>
/// The members of one shared subscription. Each event goes to one of them, in turn; a member that is away or has no room is passed
/// over while another can take it. Guarded by the router's lock.
/// </summary>
public sealed class ShareGroup : IRouteSource
{
    private readonly List<Subscription> _members = [];
    private int _turn;

    internal ShareGroup(TopicFilter filter) => Filter = filter;

    /// <summary>The filter with its <c>$share/group/</c> prefix: what makes the group one.</summary>
    public TopicFilter Filter { get; }

    internal bool IsEmpty => _members.Count == 0;

    internal void Add(Subscription member) => _members.Add(member);

    internal void Remove(Subscription member) => _members.Remove(member);

    /// <summary>Whose turn it is; a member that is not ready is second choice. Null when nobody is left.</summary>
    internal Route? Next(ISubscriber? notTo = null)
    {
        Route? secondChoice = null;
        for (var tried = 0; tried < _members.Count; tried++)
        {
            _turn = (_turn + 1) % _members.Count;
            var member = _members[_turn];
            if (ReferenceEquals(member.Target, notTo))
                continue;
            if (member.Target.IsReady)
                return member.Solo;
            secondChoice ??= member.Solo;
        }
        return secondChoice;
    }
}
