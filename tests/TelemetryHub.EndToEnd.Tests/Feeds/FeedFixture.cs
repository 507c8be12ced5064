using TelemetryHub.EndToEnd.Tests.Brokers;

namespace TelemetryHub.EndToEnd.Tests.Feeds;

/// <summary>One hub for all tests of a class.</summary>
public sealed class FeedFixture : IAsyncLifetime
{
    private HubProcess? hub;

    public HubProcess Hub => hub ?? throw new InvalidOperationException("The hub was not started.");

    public async ValueTask InitializeAsync() => hub = await HubProcess.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (hub is not null) await hub.DisposeAsync();
    }
}
