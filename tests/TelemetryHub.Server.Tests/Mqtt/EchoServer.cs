using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TelemetryHub.Broker.Links;
using TelemetryHub.Broker.Reactors;
using TelemetryHub.Server.Configuration;
using TelemetryHub.Server.Hosting;
using TelemetryHub.Server.Mqtt;

namespace TelemetryHub.Server.Tests.Mqtt;

/// <summary>The hub's listeners on a real Kestrel, with an echo in the broker's place. Fails the test when the server logs an error.</summary>
internal sealed class EchoServer : ILinkAcceptor, IReactorWork, ILoggerProvider, ILogger, IAsyncDisposable
{
    private static readonly IPEndPoint AnyPort = new(IPAddress.Loopback, 0);
    private readonly Channel<EchoHandler> _accepted = Channel.CreateUnbounded<EchoHandler>();
    private readonly WebApplication _app;
    private string? _error;

    private EchoServer(MqttOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.AddProvider(this);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<ILinkAcceptor>(this);
        builder.Services.AddSingleton<IReactorWork>(this);
        builder.Services.AddSingleton<ListenAddresses>();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddOptions<KestrelServerOptions>().Configure<ListenAddresses>((kestrel, addresses) =>
        {
            kestrel.Listen(AnyPort, listener => addresses.Add("http", () => listener.IPEndPoint!.ToString()));
            kestrel.ListenMqtt(options, addresses);
            kestrel.ListenMqttTls(options, addresses);
        });
        _app = builder.Build();
        _app.MapMqttWebSocket();
    }

    public bool Refuses { get; set; }

    public static async Task<EchoServer> StartAsync(bool proxy = false, Http.PemFiles? tls = null)
    {
        var server = new EchoServer(new MqttOptions
        {
            Listen = [AnyPort],
            TlsListen = tls is null ? [] : [AnyPort],
            TlsCertificate = new FilePath(tls?.Certificate),
            TlsKey = new FilePath(tls?.Key),
            ProxyProtocol = proxy,
        });
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public IPEndPoint Address(string name)
        => IPEndPoint.Parse(_app.Services.GetRequiredService<ListenAddresses>().All.Single(entry => entry.Name == name).Address);

    /// <summary>The next connection.</summary>
    public ValueTask<EchoHandler> NextAsync() => _accepted.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public ILinkHandler? Accept(Link link)
    {
        if (Refuses) return null;
        var handler = new EchoHandler(link);
        _accepted.Writer.TryWrite(handler);
        return handler;
    }

    public void OnBatchRead()
    {
        // An echo routes nothing.
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(TestContext.Current.CancellationToken);
        await _app.DisposeAsync();
        _error.ShouldBeNull();
    }

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel)) _error ??= formatter(state, exception) + exception;
    }

    public void Dispose()
    {
        // Nothing is held as a logger.
    }
}
