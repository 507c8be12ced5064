using TelemetryHub.Core.Feeds;
using TelemetryHub.Core.Feeds.Control;
using TelemetryHub.Server.Feeds.Streams;
using TelemetryHub.Server.Hosting;

namespace TelemetryHub.Server.Feeds;

/// <summary>
/// Sends the readers away when the hub stops, as soon as that begins and before the web server waits for its requests: a stream has no end of its own.
/// </summary>
internal sealed class FeedsLifetime(
    FeedTable feeds, Admission admission, StreamUpkeep upkeep, IHostApplicationLifetime lifetime, HubOptions hub, TimeProvider time) : IHostedLifecycleService
{
    // Who has not taken the last bytes by then will not take them.
    private static readonly TimeSpan MostPatience = TimeSpan.FromSeconds(2);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStopping.Register(SendAway);
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        SendAway();
        var patience = hub.StopTimeout / 4 < MostPatience ? hub.StopTimeout / 4 : MostPatience;
        try
        {
            await admission.CloseAsync().WaitAsync(patience, time, cancellationToken);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            upkeep.AbortAll();
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void SendAway()
    {
        _ = admission.CloseAsync(); // waited for by StoppingAsync
        feeds.Stop(ByeReason.Shutdown);
        upkeep.StopAll();
    }
}
