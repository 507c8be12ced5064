using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.Brokers;

/// <summary>
/// The hub as its users run it: a process, asked for free ports, that says where it listens. When it is disposed of, it must
/// stop with exit code 0 and must not have logged an error.
/// </summary>
public sealed class HubProcess : IBrokerUnderTest
{
    private readonly TemporaryDirectory directory;
    private readonly RunningProgram program;

    private HubProcess(TemporaryDirectory directory, RunningProgram program, Dictionary<string, int> ports, string authority)
    {
        this.directory = directory;
        this.program = program;
        Mqtt = new Listener(ports["mqtt"]);
        Tls = new Listener(ports["mqtts"], authority);
        WebSocket = new Uri($"ws://{Listener.Host}:{ports["http"]}/mqtt");
        Http = new Uri($"http://{Listener.Host}:{ports["http"]}/");
        Https = new Uri($"https://{Listener.Host}:{ports["https"]}/");
    }

    public bool IsHub => true;

    /// <summary>The process itself: its log, which goes to standard error, and its end, for tests that bring that about.</summary>
    public RunningProgram Program => program;

    public Listener Mqtt { get; }

    public Listener Tls { get; }

    public Uri WebSocket { get; }

    public Uri Http { get; }

    /// <summary>With TLS, hence HTTP/2; to be trusted by <see cref="Tls"/>'s authority.</summary>
    public Uri Https { get; }

    /// <summary>Starts the hub that was built with these tests. <paramref name="settings"/> are <c>Key=value</c>.</summary>
    public static async Task<HubProcess> StartAsync(params string[] settings)
    {
        var directory = new TemporaryDirectory();
        var certificates = new TestCertificates(directory);
        string[] arguments =
        [
            $"--Hub:Data={directory["data"]}",
            $"--Mqtt:Listen={Listener.Host}:0",
            $"--Http:Listen={Listener.Host}:0",
            $"--Http:TlsListen={Listener.Host}:0",
            $"--Http:TlsCertificate={certificates.Certificate}",
            $"--Http:TlsKey={certificates.Key}",
            $"--Mqtt:TlsListen={Listener.Host}:0",
            $"--Mqtt:TlsCertificate={certificates.Certificate}",
            $"--Mqtt:TlsKey={certificates.Key}",
            .. settings.Select(setting => "--" + setting),
        ];
        var program = HubProgram.Start(arguments);
        try
        {
            return new HubProcess(directory, program, await HubProgram.ReadPortsAsync(program, 4), certificates.Authority);
        }
        catch (Exception)
        {
            await program.DisposeAsync();
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Stops it with SIGTERM and holds it to a clean end.</summary>
    public async ValueTask DisposeAsync()
    {
        program.Terminate();
        var result = await program.ExitAsync();
        await program.DisposeAsync();
        directory.Dispose();
        result.ShouldSucceed();
        result.ShouldHaveNoComplaint();
    }
}
