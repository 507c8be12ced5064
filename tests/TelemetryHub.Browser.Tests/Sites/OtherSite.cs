using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace TelemetryHub.Browser.Tests.Sites;

/// <summary>Somebody else's web site: another origin than the hub's, with one empty page.</summary>
public sealed class OtherSite : IAsyncDisposable
{
    private readonly WebApplication app;

    private OtherSite(WebApplication app) => this.app = app;

    /// <summary>As browsers say it: <c>http://127.0.0.1:8081</c>.</summary>
    public string Origin => app.Urls.Single();

    public Uri Page => new(Origin);

    public static async Task<OtherSite> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/", () => Results.Content("<!doctype html><title>Another site</title>", "text/html"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new OtherSite(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
