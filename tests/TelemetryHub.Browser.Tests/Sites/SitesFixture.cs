using TelemetryHub.EndToEnd.Tests.Brokers;

namespace TelemetryHub.Browser.Tests.Sites;

/// <summary>A hub that allows the pages of one other site, and two other sites.</summary>
public sealed class SitesFixture : IAsyncLifetime
{
    private HubProcess? hub;
    private OtherSite? allowed;
    private OtherSite? foreign;

    public HubProcess Hub => hub!;

    public OtherSite Allowed => allowed!;

    public OtherSite Foreign => foreign!;

    public async ValueTask InitializeAsync()
    {
        allowed = await OtherSite.StartAsync();
        foreign = await OtherSite.StartAsync();
        hub = await HubProcess.StartAsync($"Feeds:AllowedOrigins={allowed.Origin}");
    }

    public async ValueTask DisposeAsync()
    {
        if (hub is not null) await hub.DisposeAsync();
        if (foreign is not null) await foreign.DisposeAsync();
        if (allowed is not null) await allowed.DisposeAsync();
    }
}
