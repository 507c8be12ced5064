using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TelemetryHub.Broker;
using TelemetryHub.Server.Feeds;
using TelemetryHub.Server.Feeds.Publishing;
using TelemetryHub.Server.Feeds.Requests;
using TelemetryHub.Server.Feeds.Streams;
using TelemetryHub.Server.Tests.Http.Transport;

namespace TelemetryHub.Server.Tests.Feeds.Publishing;

/// <summary>A web server that publishes what is posted, and a client for it.</summary>
internal sealed class PostServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PostServer(WebApplication app, PublishSetup setup, LogLines lines) => (_app, Setup, Lines) = (app, setup, lines);

    public PublishSetup Setup { get; }

    public LogLines Lines { get; }

    public HeldLog Log => Setup.Log;

    public HttpClient Client { get; } = new();

    public static async Task<PostServer> StartAsync(BrokerOptions? limits = null, TimeProvider? time = null, string prefix = "", params string[] origins)
    {
        var setup = new PublishSetup(limits, time);
        var builder = WebApplication.CreateSlimBuilder();
        var lines = new LogLines();
        builder.Logging.ClearProviders().AddProvider(lines).SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(provider =>
            new PublishEndpoint(setup.Publisher, "e", provider.GetRequiredService<IHostApplicationLifetime>(), time ?? TimeProvider.System));
        var app = builder.Build();
        (prefix.Length == 0 ? app : (Microsoft.AspNetCore.Routing.IEndpointRouteBuilder)app.MapGroup(prefix)).MapPublishing("/events", Guard(origins));
        await app.StartAsync(TestContext.Current.CancellationToken);
        var server = new PostServer(app, setup, lines);
        server.Client.BaseAddress = new Uri(app.Urls.First());
        return server;
    }

    public Task<HttpResponseMessage> PostAsync(string pathAndQuery, string body, string? type = null) =>
        PostAsync(pathAndQuery, new ByteArrayContent(Encoding.UTF8.GetBytes(body)), type);

    public Task<HttpResponseMessage> PostAsync(string pathAndQuery, HttpContent body, string? type = null)
    {
        if (type is not null)
            body.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return Client.PostAsync(pathAndQuery, body, TestContext.Current.CancellationToken);
    }

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;

    public IEnumerable<string> Published => Log.Appended.Select(@event => $"{@event.Topic.Name}={Encoding.UTF8.GetString(@event.Payload)}");

    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    private static CrossOrigin Guard(string[] origins)
    {
        var options = new FeedsOptions { AllowedOrigins = origins };
        return new CrossOrigin(options, new Refusals(new RetryTimes(options, new Admission(options))));
    }
}
