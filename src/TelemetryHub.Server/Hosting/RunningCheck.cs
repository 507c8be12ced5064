namespace TelemetryHub.Server.Hosting;

/// <summary>Not ready before everything has started, and as soon as the stop begins: the clients are sent elsewhere then.</summary>
internal sealed class RunningCheck(IHostApplicationLifetime lifetime) : IReadinessCheck
{
    public string? Problem =>
        lifetime.ApplicationStopping.IsCancellationRequested ? "the hub is stopping"
        : lifetime.ApplicationStarted.IsCancellationRequested ? null
        : "the hub is starting";

    public string? Warning => null;
}
