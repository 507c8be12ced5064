using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace TelemetryHub.EndToEnd.Tests.Feeds.Browsers;

/// <summary>Somebody else's web server with an empty page: another origin.</summary>
internal sealed class PageServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private PageServer(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.Single());

    /// <summary>As browsers write it.</summary>
    public string Origin => Address.GetLeftPart(UriPartial.Authority);

    public static async Task<PageServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapGet("/", () => Results.Content("<!doctype html><title>A page</title>", "text/html"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new PageServer(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
