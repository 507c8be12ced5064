using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.Brokers;

/// <summary>A Mosquitto broker, to run the suite against another implementation and to be a bridge to the hub.</summary>
public sealed class MosquittoProcess : IBrokerUnderTest
{
    private readonly TemporaryDirectory directory;
    private readonly RunningProgram program;

    private MosquittoProcess(TemporaryDirectory directory, RunningProgram program, int[] ports, string authority)
    {
        this.directory = directory;
        this.program = program;
        Mqtt = new Listener(ports[0]);
        Tls = new Listener(ports[1], authority);
        WebSocket = new Uri($"ws://{Listener.Host}:{ports[2]}/mqtt");
    }

    public bool IsHub => false;

    public Listener Mqtt { get; }

    public Listener Tls { get; }

    public Uri WebSocket { get; }

    public LineLog Log => program.Errors;

    /// <summary>Starts it on three free ports; <paramref name="extra"/> lines end its configuration (a bridge).</summary>
    public static async Task<MosquittoProcess> StartAsync(string extra = "")
    {
        var directory = new TemporaryDirectory();
        var certificates = new TestCertificates(directory);
        int[] ports = [FreePorts.Next(), FreePorts.Next(), FreePorts.Next()];
        await File.WriteAllTextAsync(directory["mosquitto.conf"], Configuration(ports, certificates) + extra);
        var program = RunningProgram.Start("mosquitto", ["-v", "-c", directory["mosquitto.conf"]]);
        var broker = new MosquittoProcess(directory, program, ports, certificates.Authority);
        try
        {
            await Patience.For(
                program.Errors.FirstAsync(1, line => line.EndsWith(" running", StringComparison.Ordinal)), "Mosquitto's start");
            return broker;
        }
        catch (Exception)
        {
            await program.DisposeAsync();
            directory.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        program.Terminate();
        var result = await program.ExitAsync();
        await program.DisposeAsync();
        directory.Dispose();
        result.ShouldSucceed();
    }

    // Wide bounds: the tests send more at once than Mosquitto keeps by default.
    private static string Configuration(int[] ports, TestCertificates certificates) => $"""
        user root
        allow_anonymous true
        max_queued_messages 0
        max_inflight_messages 1000
        max_packet_size 16777216
        listener {ports[0]} {Listener.Host}
        listener {ports[1]} {Listener.Host}
        certfile {certificates.Certificate}
        keyfile {certificates.Key}
        listener {ports[2]} {Listener.Host}
        protocol websockets

        """;
}
