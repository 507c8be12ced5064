using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using TelemetryHub.Server.Hosting;

namespace TelemetryHub.Server.Tests.Page;

/// <summary>A hub in this process, and somebody who asks it for what a browser would.</summary>
internal sealed class PageHub : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly WebApplication _app;

    private PageHub(Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection([new("Hub:Data", _folder["data"]), new("Mqtt:Listen:0", "127.0.0.1:0"), new("urls", "http://127.0.0.1:0")]);
        builder.AddTelemetryHub();
        _app = builder.Build();
        map(_app);
    }

    /// <summary>Asks as it is told to; compressed answers stay so.</summary>
    public HttpClient Browser { get; } = new();

    public static async Task<PageHub> StartAsync(Action<WebApplication> map)
    {
        var hub = new PageHub(map);
        await hub._app.StartAsync(TestContext.Current.CancellationToken);
        hub.Browser.BaseAddress = new Uri(hub._app.Urls.First());
        return hub;
    }

    public async Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await Browser.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}
