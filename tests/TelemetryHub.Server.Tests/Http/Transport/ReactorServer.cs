using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TelemetryHub.Server.Hosting;
using TelemetryHub.Server.Http;
using TelemetryHub.Server.Tests.Configuration;

namespace TelemetryHub.Server.Tests.Http.Transport;

/// <summary>The hub's own web server with one endpoint. Fails the test when anything worse than information is logged.</summary>
internal sealed class ReactorServer : IAsyncDisposable
{
    private readonly LogLines _log = new();
    private readonly WebApplication _app;

    private ReactorServer(RequestDelegate endpoint, Action<KestrelServerOptions>? options, string[] args)
    {
        string[] anyPort = args.Any(arg => arg.StartsWith("--Http:Listen", StringComparison.Ordinal)) ? [] : ["--Http:Listen=127.0.0.1:0"];
        var reading = Reading.Of(args: ["--Mqtt:Listen=", .. anyPort, .. args]);
        reading.Problems.ShouldBeEmpty();
        var configuration = reading.Configuration;
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.AddProvider(_log);
        builder.AddHttp(configuration);
        builder.Services.AddSingleton(configuration.Get<HttpOptions>());
        builder.Services.AddSingleton<ListenAddresses>();
        builder.Services.Configure(options ?? (_ => { }));
        _app = builder.Build();
        _app.Run(endpoint);
    }

    public IPEndPoint Address => IPEndPoint.Parse(Uri.Authority);

    public Uri Uri => new(_app.Services.GetRequiredService<ListenAddresses>().All.Single(entry => entry.Name == "http").Address);

    public IServiceProvider Services => _app.Services;

    /// <summary>What may be logged all the same.</summary>
    public Predicate<string> Expected { get; set; } = _ => false;

    public static async Task<ReactorServer> StartAsync(
        RequestDelegate endpoint, Action<KestrelServerOptions>? options = null, params string[] args)
    {
        var server = new ReactorServer(endpoint, options, args);
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public Task<RawClient> ConnectAsync() => RawClient.ConnectAsync(Address);

    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(TestContext.Current.CancellationToken);
        await _app.DisposeAsync();
        _log.All.Where(line => !Expected(line)).ShouldBeEmpty();
    }
}
