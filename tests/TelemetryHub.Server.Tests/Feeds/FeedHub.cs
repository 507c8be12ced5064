using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TelemetryHub.Core.Access;
using TelemetryHub.Server.Feeds;
using TelemetryHub.Server.Feeds.Publishing;
using TelemetryHub.Server.Hosting;
using TelemetryHub.Server.Http;
using TelemetryHub.Server.Http.Transport;
using TelemetryHub.Server.Tests.Http;

namespace TelemetryHub.Server.Tests.Feeds;

/// <summary>A hub inside an application of the test, on a real Kestrel with and without TLS. Fails the test when it logged an error.</summary>
internal sealed class FeedHub : ILoggerProvider, ILogger, IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PemFiles _pem = new();
    private readonly ConcurrentQueue<string> _errors = [];
    private readonly WebApplication _app;
    private ListenOptions? _taken;

    private FeedHub(Action<IServiceCollection>? services, (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(this);
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Configuration.AddInMemoryCollection([new("Hub:Data", _folder["data"]), new("Mqtt:Listen:0", "127.0.0.1:0")]);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(new ReactorEndPoint(new IPEndPoint(IPAddress.Loopback, 0)), listener => _taken = listener);
            kestrel.Listen(IPAddress.Loopback, 0, listener => listener.UseHttps(
                X509Certificate2.CreateFromPemFile(_pem.Certificate, _pem.Key)));
        });
        builder.Services.AddSingleton<IConnectionListenerFactory, ReactorTransport>();
        builder.Services.AddSingleton(new HttpOptions());
        builder.Services.AddSingleton<HttpReactors>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<HttpReactors>());
        builder.AddTelemetryHub();
        services?.Invoke(builder.Services);
        _app = builder.Build();
        _app.MapTelemetryHub();
    }

    public IServiceProvider Services => _app.Services;

    public Uri Http => new(_app.Urls.First(url => url.StartsWith("http:", StringComparison.Ordinal)));

    public Uri Https => new(_app.Urls.First(url => url.StartsWith("https:", StringComparison.Ordinal)));

    /// <summary>Where the hub listens itself, and takes connections from the web server.</summary>
    public Uri Taken => new($"http://{_taken!.IPEndPoint}");

    public static Task<FeedHub> StartAsync(params (string Key, string Value)[] settings) => StartAsync(null, settings);

    public static async Task<FeedHub> StartAsync(Action<IServiceCollection>? services, params (string Key, string Value)[] settings)
    {
        var hub = new FeedHub(services, settings);
        await hub._app.StartAsync(TestContext.Current.CancellationToken);
        return hub;
    }

    /// <summary>A client of the address without TLS; with <paramref name="tls"/>, of the other one, over HTTP/2.</summary>
    public HttpClient Client(bool tls = false) => new(Handler())
    {
        BaseAddress = tls ? Https : Http,
        DefaultRequestVersion = tls ? HttpVersion.Version20 : HttpVersion.Version11,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    /// <summary>A client that comes this way.</summary>
    public HttpClient Client(Way way)
    {
        var client = Client(way == Way.Http2);
        client.BaseAddress = AddressOf(way);
        return client;
    }

    public Uri AddressOf(Way way) => way == Way.Http2 ? Https : way == Way.Taken ? Taken : Http;

    /// <summary>What a WebSocket client sends its request through.</summary>
    public HttpMessageInvoker Invoker() => new(Handler());

    /// <summary>Publishes, and has it delivered.</summary>
    public void Publish(string topic, string payload)
    {
        var publisher = Services.GetRequiredService<Publisher>();
        var publication = new Publication(Encoding.UTF8.GetBytes(topic), Encoding.UTF8.GetBytes(payload));
        publisher.TryPublish(new Principal("test", null), publication, out _, out _).ShouldBe(PublishStatus.Taken);
        publisher.Route();
    }

    /// <summary>Completed when nobody reads any more; nobody new is let in.</summary>
    public Task EverybodyHasLeftAsync() => Services.GetRequiredService<Admission>().CloseAsync().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _pem.Dispose();
        _folder.Dispose();
        _errors.ShouldBeEmpty();
    }

    private SocketsHttpHandler Handler()
    {
        var handler = new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, seen, _, _) => seen?.GetCertHashString() == _pem.Thumbprint;
        return handler;
    }

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            _errors.Enqueue(formatter(state, exception) + exception);
    }

    public void Dispose()
    {
        // Nothing is held as a logger.
    }
}
