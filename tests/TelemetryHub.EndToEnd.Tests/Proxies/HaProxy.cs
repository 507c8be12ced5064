using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.Proxies;

/// <summary>HAProxy before a broker: it tells the broker whom it forwards, in the way that is chosen.</summary>
public sealed class HaProxy : IAsyncDisposable
{
    /// <summary>Where its own connections to the broker come from.</summary>
    public const string OwnAddress = "127.0.0.9";

    private readonly TemporaryDirectory directory;
    private readonly RunningProgram program;

    private HaProxy(TemporaryDirectory directory, RunningProgram program) => (this.directory, this.program) = (directory, program);

    public required Listener Mqtt { get; init; }

    public required Listener Tls { get; init; }

    /// <summary>Starts it, and waits until it has found the broker. <paramref name="send"/>: <c>send-proxy</c> or <c>send-proxy-v2</c>.</summary>
    public static async Task<HaProxy> StartAsync(IBrokerUnderTest broker, string send)
    {
        var directory = new TemporaryDirectory();
        var (mqtt, tls) = (new Listener(FreePorts.Next()), new Listener(FreePorts.Next(), broker.Tls.Authority));
        await File.WriteAllTextAsync(directory["haproxy.cfg"], $"""
            global
              log stdout format raw local0
            defaults
              mode tcp
              log global
              option log-health-checks
              source {OwnAddress}
              timeout connect 10s
              timeout client 1m
              timeout server 1m
            listen mqtt
              bind {Listener.Host}:{mqtt.Port}
              server hub {Listener.Host}:{broker.Mqtt.Port} {send} check
            listen mqtts
              bind {Listener.Host}:{tls.Port}
              server hub {Listener.Host}:{broker.Tls.Port} {send} check

            """);
        var program = RunningProgram.Start("haproxy", ["-db", "-f", directory["haproxy.cfg"]]);
        var proxy = new HaProxy(directory, program) { Mqtt = mqtt, Tls = tls };
        try
        {
            await Patience.For(program.Output.FirstAsync(2, IsUp), "HAProxy's first look at the broker");
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
        await program.DisposeAsync();
        directory.Dispose();
    }

    private static bool IsUp(string line) => line.StartsWith("Health check for server ", StringComparison.Ordinal) && line.Contains(" succeeded");
}
