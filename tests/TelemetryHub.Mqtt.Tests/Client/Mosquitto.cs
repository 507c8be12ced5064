using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace TelemetryHub.Mqtt.Tests.Client;

/// <summary>A real Mosquitto on a free port, for as long as the test runs. It can be killed and started again on the same port.</summary>
public sealed class Mosquitto : IAsyncDisposable
{
    // Mosquitto has to go when the test run is killed, too: its shell sees the end of its input then. Descriptor 3 may be a lock that the
    // test run was started under, which a child must not keep.
    private const string Shell = "exec 3>&-; mosquitto -c \"$1\" 2>&1 & echo $! >&2; cat >/dev/null; kill $! 2>/dev/null; wait $!";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hub-mosquitto-");
    private readonly string _extra;
    private Process? _shell;
    private int _id;

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
        _shell = Process.Start(new ProcessStartInfo("sh", ["-c", Shell, "sh", configuration])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _id = int.Parse((await _shell.StandardError.ReadLineAsync())!, CultureInfo.InvariantCulture);
        while (await _shell.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains("Error", StringComparison.Ordinal))
                throw new InvalidOperationException(line);
            if (!line.Contains(" running", StringComparison.Ordinal))
                continue;
            _ = _shell.StandardOutput.ReadToEndAsync(); // a full pipe would stop it
            return;
        }

        throw new InvalidOperationException("Mosquitto did not start.");
    }

    /// <summary>As a power cut: nothing is saved.</summary>
    public async Task KillAsync()
    {
        using (var mosquitto = Process.GetProcessById(_id))
            mosquitto.Kill();
        await StopAsync();
    }

    /// <summary>As an operator: sessions are saved.</summary>
    public async Task StopAsync()
    {
        _shell!.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
        _shell = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_shell is not null)
            await StopAsync();
        _folder.Delete(recursive: true);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
