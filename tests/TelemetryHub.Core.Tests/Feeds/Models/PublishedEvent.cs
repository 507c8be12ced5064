namespace TelemetryHub.Core.Tests.Feeds.Models;

/// <summary>What the model knows of an event.</summary>
internal sealed record PublishedEvent(long Sequence, string Topic, int Value)
{
    public string Payload => $$"""{"x":{{Value}}}""";
}
