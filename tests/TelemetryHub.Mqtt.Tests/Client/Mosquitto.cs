using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace TelemetryHub.Mqtt.Tests.Client;

/// <summary>A real Mosquitto on a free port, for as long as the test runs. It can be killed and started again on the same port.</summary>
public sealed class Mosquitto : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hub-mosquitto-");
    private readonly string _extra;
    private Process? _process;

    private Mosquitto(int port, string extra) => (Port, _extra) = (port, extra);

    public int Port { get; }

    public string Folder => _folder.FullName;

    /// <summary>Starts it with these lines added to its configuration.</summary>
    public static async Task<Mosquitto> StartAsync(string extra = "")
    {
        // Another process may take a free port between our look and Mosquitto's bind; then the next one is tried.
        for (var attempt = 0; ; attempt++)
        {
            var mosquitto = new Mosquitto(FreePort(), extra);
            try
            {
                await mosquitto.StartAgainAsync();
                return mosquitto;
            }
            catch (InvalidOperationException) when (attempt < 5)
            {
                await mosquitto.DisposeAsync();
            }
        }
    }

    public async Task StartAgainAsync()
    {
        var configuration = Path.Combine(Folder, "mosquitto.conf");
        await File.WriteAllTextAsync(configuration, $"""
            listener {Port} 127.0.0.1
            allow_anonymous true
            persistence true
            persistence_location {Folder}/
            log_dest stderr
            log_type all
            user root
            {_extra.Replace("{folder}", Folder, StringComparison.Ordinal)}
            """);
        _process = Process.Start(new ProcessStartInfo("mosquitto", ["-c", configuration]) { RedirectStandardError = true })!;
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            if (!line.Contains(" running", StringComparison.Ordinal))
                continue;
            _ = _process.StandardError.ReadToEndAsync(); // a full pipe would stop it
            return;
        }

        throw new InvalidOperationException("Mosquitto did not start.");
    }

    /// <summary>As a power cut: nothing is saved.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>As an operator: sessions are saved.</summary>
    public async Task StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process!.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
            await KillAsync();
        _process?.Dispose();
        _folder.Delete(recursive: true);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
