using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.Durability;

/// <summary>Mosquitto with persistence. It keeps its promises over SIGTERM only: so that is how it is "killed".</summary>
internal sealed class RestartableMosquitto : IRestartable
{
    private readonly TemporaryDirectory directory = new();
    private RunningProgram? running;

    public RestartableMosquitto()
    {
        File.WriteAllText(directory["mosquitto.conf"], $"""
            user root
            allow_anonymous true
            max_queued_messages 0
            max_inflight_messages 1000
            persistence true
            persistence_location {directory[""]}
            listener {Mqtt.Port} {Listener.Host}

            """);
    }

    public bool IsHub => false;

    public Listener Mqtt { get; } = new(FreePorts.Next());

    public void Launch() => running = RunningProgram.Start("mosquitto", ["-v", "-c", directory["mosquitto.conf"]]);

    public Task ReadyAsync() =>
        Patience.For(running!.Errors.FirstAsync(1, line => line.EndsWith(" running", StringComparison.Ordinal)), "Mosquitto's start");

    public Task KillAsync() => StopAsync();

    public async Task StopAsync()
    {
        await using var ending = running!;
        running = null;
        ending.Terminate();
        (await ending.ExitAsync()).ShouldSucceed();
    }

    public async ValueTask DisposeAsync()
    {
        if (running is not null) await StopAsync();
        directory.Dispose();
    }
}
