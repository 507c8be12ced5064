using System.Reflection;
using System.Text.RegularExpressions;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.Brokers;

/// <summary>
/// The hub as its users run it: a process, asked for free ports, that says where it listens. When it is disposed of, it must
/// stop with exit code 0 and must not have logged an error.
/// </summary>
public sealed partial class HubProcess : IBrokerUnderTest
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
    }

    public bool IsHub => true;

    /// <summary>The process itself: its log, which goes to standard error, and its end, for tests that bring that about.</summary>
    public RunningProgram Program => program;

    public Listener Mqtt { get; }

    public Listener Tls { get; }

    public Uri WebSocket { get; }

    /// <summary>Starts the hub that was built with these tests. <paramref name="settings"/> are <c>Key=value</c>.</summary>
    public static async Task<HubProcess> StartAsync(params string[] settings)
    {
        var directory = new TemporaryDirectory();
        var certificates = new TestCertificates(directory);
        string[] arguments =
        [
            ServerAssembly(),
            $"--Hub:Data={directory["data"]}",
            $"--Mqtt:Listen={Listener.Host}:0",
            $"--Http:Listen={Listener.Host}:0",
            $"--Mqtt:TlsListen={Listener.Host}:0",
            $"--Mqtt:TlsCertificate={certificates.Certificate}",
            $"--Mqtt:TlsKey={certificates.Key}",
            .. settings.Select(setting => "--" + setting),
        ];
        var program = RunningProgram.Start("dotnet", arguments);
        program.Input.Close();
        try
        {
            return new HubProcess(directory, program, await ReadPortsAsync(program), certificates.Authority);
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
        result.Output.Concat(result.Errors).Where(line => Complaint().IsMatch(line)).ShouldBeEmpty("the hub logged an error");
    }

    private static async Task<Dictionary<string, int>> ReadPortsAsync(RunningProgram program)
    {
        var lines = await Patience.For(program.Output.FirstAsync(3, line => ListenerLine().IsMatch(line)), "the hub's three listeners");
        return lines.Select(line => ListenerLine().Match(line))
            .ToDictionary(match => match.Groups["kind"].Value, match => int.Parse(match.Groups["port"].ValueSpan));
    }

    private static string ServerAssembly()
    {
        var path = typeof(HubProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "ServerAssembly").Value!;
        return Path.GetFullPath(path);
    }

    [GeneratedRegex(@"^\s+(?<kind>mqtt|mqtts|http)\s+\S*:(?<port>\d+)\s*$")]
    private static partial Regex ListenerLine();

    // "2026-01-31 12:00:00.000 ERR Broker: …"; what .NET itself writes comes without a date.
    [GeneratedRegex(@"^\d{4}-\d\d-\d\d \S+ (ERR|CRT) |Unhandled exception", RegexOptions.CultureInvariant)]
    private static partial Regex Complaint();
}
