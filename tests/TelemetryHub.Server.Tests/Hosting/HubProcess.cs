using System.Diagnostics;
using System.Runtime.InteropServices;

namespace TelemetryHub.Server.Tests.Hosting;

/// <summary>The hub as a real process in a folder of its own.</summary>
internal sealed partial class HubProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly DirectoryInfo _folder;
    private readonly CancellationTokenSource _deadline = new(Patience);

    private HubProcess(string[] args, IEnumerable<(string Name, string Value)> environment, string? file)
    {
        _folder = Directory.CreateTempSubdirectory("hub");
        if (file is not null)
            File.WriteAllText(Path.Combine(_folder.FullName, "telemetryhub.json"), file);

        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "TelemetryHub.Server.dll"), .. args])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        _process = Process.Start(start)!;
    }

    public string Folder => _folder.FullName;

    public static HubProcess Start(string[] args, (string Name, string Value)[]? environment = null, string? file = null) =>
        new(args, environment ?? [], file);

    /// <summary>Runs to the end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        string[] args, (string Name, string Value)[]? environment = null, string? file = null)
    {
        await using var hub = Start(args, environment, file);
        return await hub.EndAsync();
    }

    /// <summary>The next line of standard output.</summary>
    public async Task<string> NextLineAsync() => await _process.StandardOutput.ReadLineAsync(_deadline.Token)
        ?? throw new InvalidOperationException("The hub ended: " + await _process.StandardError.ReadToEndAsync(_deadline.Token));

    /// <summary>Reads on to the line that says where something is served.</summary>
    public async Task<string> AddressAsync(string name)
    {
        while (true)
        {
            var line = (await NextLineAsync()).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (line[0] == name)
                return line[1];
        }
    }

    /// <summary>SIGTERM, as a supervisor sends it.</summary>
    public void Terminate() => Kill(_process.Id, 15).ShouldBe(0);

    /// <summary>SIGINT, as Ctrl-C sends it.</summary>
    public void Interrupt() => Kill(_process.Id, 2).ShouldBe(0);

    /// <summary>Waits for the end; what was not read yet comes back.</summary>
    public async Task<(int ExitCode, string Output, string Error)> EndAsync()
    {
        var output = _process.StandardOutput.ReadToEndAsync(_deadline.Token);
        var error = _process.StandardError.ReadToEndAsync(_deadline.Token);
        await _process.WaitForExitAsync(_deadline.Token);
        return (_process.ExitCode, await output, await error);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _deadline.Dispose();
        _folder.Delete(recursive: true);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
