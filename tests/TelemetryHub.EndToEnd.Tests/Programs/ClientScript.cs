using System.Reflection;

namespace TelemetryHub.EndToEnd.Tests.Programs;

/// <summary>Runs the scripts in <c>tests/clients</c>: one scenario each, which ends with 0 when all was as it should be.</summary>
public static class ClientScript
{
    // Debian's Python, not another one that comes first on the path: it has Debian's paho.
    private const string Python = "/usr/bin/python3";

    private static readonly Lazy<Task> NodeModules = new(InstallAsync);
    private static readonly Lazy<Task> Paho = new(CheckPahoAsync);

    private static string Directory => Path.GetFullPath(typeof(ClientScript).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "ClientScripts").Value!);

    public static async Task RunPythonAsync(string script, params string[] arguments)
    {
        await Paho.Value;
        await RunAsync(Python, script, arguments);
    }

    /// <summary>Starts a script that the test goes on talking with, over its standard input and output.</summary>
    public static async Task<RunningProgram> StartPythonAsync(string script, params string[] arguments)
    {
        await Paho.Value;
        return RunningProgram.Start(Python, [Path.Combine(Directory, script), .. arguments]);
    }

    public static async Task RunNodeAsync(string script, params string[] arguments)
    {
        await NodeModules.Value;
        await RunAsync("node", script, arguments);
    }

    /// <inheritdoc cref="StartPythonAsync"/>
    public static async Task<RunningProgram> StartNodeAsync(string script, params string[] arguments)
    {
        await NodeModules.Value;
        return RunningProgram.Start("node", [Path.Combine(Directory, script), .. arguments]);
    }

    private static async Task RunAsync(string program, string script, string[] arguments) =>
        (await RunningProgram.RunAsync(program, [Path.Combine(Directory, script), .. arguments], Patience.LongLimit)).ShouldSucceed();

    private static async Task CheckPahoAsync()
    {
        var result = await RunningProgram.RunAsync(Python, ["-c", "import paho.mqtt.client"]);
        result.ExitCode.ShouldBe(0, "paho is missing. Install it: apt-get install python3-paho-mqtt");
    }

    // As pinned in package-lock.json; once per checkout.
    private static async Task InstallAsync()
    {
        if (File.Exists(Path.Combine(Directory, "node_modules", "eventsource", "package.json"))) return;
        (await RunningProgram.RunAsync("npm", ["ci", "--no-audit", "--no-fund", "--prefix", Directory], Patience.LongLimit)).ShouldSucceed();
    }
}
