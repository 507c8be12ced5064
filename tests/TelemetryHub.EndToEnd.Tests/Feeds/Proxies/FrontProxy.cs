using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.Feeds.Proxies;

/// <summary>nginx or HAProxy before a hub, as shipped but for the addresses and the times: what is quiet for four seconds is cut.</summary>
internal sealed class FrontProxy : IAsyncDisposable
{
    private const string ShippedTimeout = "60s";
    private const string Timeout = "4s"; // heartbeats that are asked for every second come within two
    private const string ShippedHub = "127.0.0.1:8080";

    private readonly TemporaryDirectory directory = new();
    private readonly TestCertificates certificates;
    private readonly int port = FreePorts.Next();
    private RunningProgram? program;

    private FrontProxy() => certificates = new TestCertificates(directory);

    /// <summary>The address for clients, with TLS.</summary>
    public Uri Address => new($"https://{Listener.Host}:{port}/");

    /// <summary>Whom they have to trust.</summary>
    public string Authority => certificates.Authority;

    /// <summary>Starts <c>nginx</c> or <c>haproxy</c> before the hub at this address.</summary>
    public static async Task<FrontProxy> StartAsync(string name, Uri hub)
    {
        var proxy = new FrontProxy();
        try
        {
            await (name == "nginx" ? proxy.StartNginxAsync(hub) : proxy.StartHaProxyAsync(hub));
            return proxy;
        }
        catch (Exception)
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (program is not null)
        {
            program.Terminate(); // its workers go with it
            await program.ExitAsync();
            await program.DisposeAsync();
        }
        directory.Dispose();
    }

    private async Task StartNginxAsync(Uri hub)
    {
        var site = ShippedFile.Read("nginx.conf")
            .Replace(ShippedHub, hub.Authority)
            .Replace("listen 443 ", $"listen {Listener.Host}:{port} ")
            .Replace("/etc/ssl/events.example.pem", certificates.Certificate)
            .Replace("/etc/ssl/private/events.example.key", certificates.Key)
            .Replace(ShippedTimeout, Timeout)
            .Replace("retry: 3000", "retry: 300");
        await File.WriteAllTextAsync(directory["telemetryhub.conf"], site.Text);
        // What a distribution has around it.
        await File.WriteAllTextAsync(directory["nginx.conf"], $$"""
            daemon off;
            worker_processes 1;
            pid {{directory["pid"]}};
            error_log stderr notice;
            events { worker_connections 512; }
            http {
              access_log off;
              client_body_temp_path {{directory["body"]}};
              proxy_temp_path {{directory["proxy"]}};
              fastcgi_temp_path {{directory["fastcgi"]}};
              uwsgi_temp_path {{directory["uwsgi"]}};
              scgi_temp_path {{directory["scgi"]}};
              include {{directory["telemetryhub.conf"]}};
            }

            """);
        program = RunningProgram.Start("nginx", ["-e", "stderr", "-p", directory["."], "-c", directory["nginx.conf"]]);
        await ReadyAsync(program.Errors, "start worker process ");
    }

    private async Task StartHaProxyAsync(Uri hub)
    {
        await File.WriteAllLinesAsync(directory["both.pem"], [await File.ReadAllTextAsync(certificates.Certificate), await File.ReadAllTextAsync(certificates.Key)]);
        var file = ShippedFile.Read("haproxy.cfg")
            .Replace($"{ShippedHub} check", $"{hub.Authority} check inter 300ms")
            .Replace("bind :443 ", $"bind {Listener.Host}:{port} ")
            .Replace("/etc/haproxy/events.example.pem", directory["both.pem"])
            .Replace(ShippedTimeout, Timeout)
            .Replace("retry: 3000", "retry: 300")
            .Replace("global\n", "global\n    log stdout format raw local0\n")
            .Replace("defaults\n", "defaults\n    log global\n    option log-health-checks\n");
        await File.WriteAllTextAsync(directory["haproxy.cfg"], file.Text);
        program = RunningProgram.Start("haproxy", ["-db", "-f", directory["haproxy.cfg"]]);
        await ReadyAsync(program.Output, "Health check for server telemetryhub/hub succeeded");
    }

    private static async Task ReadyAsync(LineLog log, string sign) =>
        await Patience.For(log.FirstAsync(1, line => line.Contains(sign, StringComparison.Ordinal)), $"'{sign}…'");
}
