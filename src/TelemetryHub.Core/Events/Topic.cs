using TelemetryHub.Core.Journaling;
using TelemetryHub.Core.Routing;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Events;

/// <summary>
/// A topic that is in use: its name, the newest event, and the routes that its events take.
/// Interned by <see cref="TopicTable"/>, so that a publisher's connection finds it once and the router never looks anything up. An event that was read back
/// from the log may have one of its own, which the table does not know: the name is what tells topics apart.
/// </summary>
public sealed class Topic
{
    private const int NeverKnown = int.MinValue;

    private volatile RouteSet? _routes;
    private volatile Event? _latest;

    internal Topic(TopicName name) => Name = name;

    /// <summary>The name; never empty.</summary>
    public TopicName Name { get; }

    /// <summary>The newest event of the topic; null when none is known any more.</summary>
    public Event? Latest
    {
        get => _latest;
        internal set => _latest = value; // the router only
    }

    /// <summary>The table's generation it was last seen in. A topic of an older one must be looked up again before use.</summary>
    internal int Generation { get; set; } = NeverKnown;

    /// <summary>One more than the level at which its events are acknowledged; 0 while nobody has asked. A byte, because any thread may set it.</summary>
    internal byte LevelPlusOne { get; set; }

    /// <summary>How the segment that is being written calls it. The journal's writer only.</summary>
    internal TopicMark? Mark { get; set; }

    /// <summary>The cached match, valid while its version is the router's. Written by the router only.</summary>
    internal RouteSet? Routes
    {
        get => _routes;
        set => _routes = value;
    }

    /// <inheritdoc/>
    public override string ToString() => Name.ToString();
}
