using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.Durability;

/// <summary>
/// A hub that is killed or stopped, and started again on the same directory and the same addresses. However it ends, it must not have
/// logged an error.
/// </summary>
internal sealed class RestartableHub : IRestartable
{
    // The exit code of a process that a signal ended: 128 + SIGKILL.
    private const int Killed = 128 + 9;

    // Not a port that the kernel chose: from that range it takes ports for outgoing connections too, and a client that knocks while
    // the hub is down could even be connected to itself.
    private readonly int httpPort = FreePorts.Next();

    private readonly TemporaryDirectory directory = new();
    private readonly string[] settings;
    private RunningProgram? running;

    /// <summary><paramref name="data"/> is the data directory, when it is not to be one that is made and goes with this.</summary>
    public RestartableHub(string? data = null, params string[] settings)
    {
        Data = data ?? directory["data"];
        this.settings = settings;
    }

    public bool IsHub => true;

    public Listener Mqtt { get; } = new(FreePorts.Next());

    public Uri Http => new($"http://{Listener.Host}:{httpPort}/");

    public RunningProgram Program => running ?? throw new InvalidOperationException("The hub is not running.");

    /// <summary>The data directory.</summary>
    public string Data { get; }

    /// <summary>What the hub has every reason to complain about in this test.</summary>
    public string? ExpectedComplaint { get; init; }

    public void Launch() => running = HubProgram.Start(
    [
        $"--Hub:Data={Data}",
        $"--Mqtt:Listen={Listener.Host}:{Mqtt.Port}",
        $"--Http:Listen={Listener.Host}:{httpPort}",
        .. settings.Select(setting => "--" + setting),
    ]);

    public Task ReadyAsync() => HubProgram.ReadPortsAsync(Program, listeners: 2);

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        Program.Kill();
        (await EndAsync()).ExitCode.ShouldBe(Killed);
    }

    /// <summary>SIGTERM, and a clean end.</summary>
    public async Task StopAsync()
    {
        Program.Terminate();
        (await EndAsync()).ShouldSucceed();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (running is not null) await StopAsync();
        }
        finally
        {
            directory.Dispose();
        }
    }

    private async Task<ProgramResult> EndAsync()
    {
        await using var ending = Program;
        running = null;
        var result = await ending.ExitAsync();
        result.ShouldHaveNoComplaint(ExpectedComplaint);
        return result;
    }
}
