using TelemetryHub.Core.Events;

namespace TelemetryHub.Core.Journaling;

/// <summary>What has been appended and the writer has not taken yet. Guarded by the intake's lock until it is taken.</summary>
internal sealed class PendingAppends
{
    public List<Event> Events { get; } = [];

    public PendingState State { get; } = new();

    /// <summary>What it costs in memory, roughly.</summary>
    public long Bytes { get; private set; }

    /// <summary>The number of the last append in it.</summary>
    public long UpTo { get; set; }

    /// <summary>How far the router was when it was taken.</summary>
    public long RoutedUpTo { get; set; }

    public bool IsEmpty => Events.Count == 0 && State.IsEmpty;

    public void Add(Event @event)
    {
        Events.Add(@event);
        Bytes += @event.SizeBytes;
    }

    public void Clear()
    {
        DropEvents();
        State.Clear();
    }

    public void DropEvents()
    {
        Events.Clear();
        Bytes = 0;
    }
}
