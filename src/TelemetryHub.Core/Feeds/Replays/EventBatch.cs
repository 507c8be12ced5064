using TelemetryHub.Core.Events;

namespace TelemetryHub.Core.Feeds.Replays;

/// <summary>Where a thread puts the events of a batch for a moment. Whoever uses it clears it again.</summary>
internal static class EventBatch
{
    public const int Size = 512;

    [ThreadStatic]
    private static Event[]? _ofThisThread;

    public static Event[] OfThisThread => _ofThisThread ??= new Event[Size];
}
