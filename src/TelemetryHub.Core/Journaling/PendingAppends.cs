using TelemetryHub.Core.Events;

namespace TelemetryHub.Core.Journaling;

/// <summary>What has been appended and not been written. Guarded by the intake's lock until the writer takes it; from then on it only changes under that lock.</summary>
internal sealed class PendingAppends
{
    public List<Event> Events { get; } = [];

    public PendingState State { get; } = new();

    /// <summary>What the events cost in memory, roughly.</summary>
    public long Bytes { get; private set; }

    /// <summary>The same, with the records of state.</summary>
    public long TotalBytes => Bytes + State.Bytes;

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

    /// <summary>The event with this sequence, if it is among them.</summary>
    public Event? Find(long sequence)
    {
        var (low, high) = (0, Events.Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = Events[middle].Sequence < sequence ? (middle + 1, high) : (low, middle);
        }
        return low <= high && Events[low].Sequence == sequence ? Events[low] : null;
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
