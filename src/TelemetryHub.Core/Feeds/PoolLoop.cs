namespace TelemetryHub.Core.Feeds;

/// <summary>Feeds whose readers have no thread of their own to write to them: the pool.</summary>
internal sealed class PoolLoop : IFeedLoop
{
    public static PoolLoop Instance { get; } = new();

    public void Post(Action work) => ThreadPool.UnsafeQueueUserWorkItem(static work => work(), work, preferLocal: false);
}
