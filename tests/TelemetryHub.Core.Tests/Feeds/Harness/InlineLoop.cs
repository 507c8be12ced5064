using TelemetryHub.Core.Feeds;

namespace TelemetryHub.Core.Tests.Feeds.Harness;

/// <summary>Feeds work on the thread that publishes, or moves the clock: what it has done is done when that returns.</summary>
internal sealed class InlineLoop : IFeedLoop
{
    public void Post(Action work) => work();
}
