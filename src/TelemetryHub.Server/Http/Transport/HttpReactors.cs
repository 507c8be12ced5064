using TelemetryHub.Broker.Reactors;

namespace TelemetryHub.Server.Http.Transport;

/// <summary>
/// The threads that serve plain HTTP. Not those of MQTT: sending to a thousand browsers must not hold up who publishes. They begin with the first
/// address and end once the web server has stopped: whoever took a connection over is told then.
/// </summary>
internal sealed class HttpReactors : IReactorWork, IHostedLifecycleService, IDisposable
{
    private readonly Lazy<Reactor[]> _all;

    public HttpReactors(HttpOptions options, ILogger<HttpReactors> logger)
    {
        var count = options.Reactors > 0 ? options.Reactors : Math.Max(1, Environment.ProcessorCount / 2);
        _all = new(() => [.. Enumerable.Range(0, count).Select(number => new Reactor($"http reactor {number}", this, logger))]);
    }

    public Reactor[] All => _all.Value;

    public void OnBatchRead()
    {
        // What arrives is for the web server, which has threads of its own.
    }

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        foreach (var reactor in _all.IsValueCreated ? _all.Value : [])
            reactor.Dispose();
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
