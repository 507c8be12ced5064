using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.OwnClient;
using TelemetryHub.EndToEnd.Tests.Programs;
using TelemetryHub.EndToEnd.Tests.Raw;

namespace TelemetryHub.EndToEnd.Tests.Proxies;

/// <summary>The PROXY protocol as HAProxy speaks it: the hub knows its clients by their own addresses.</summary>
public sealed class ProxyProtocolTests
{
    [Theory]
    [InlineData("send-proxy")]
    [InlineData("send-proxy-v2")]
    public async Task Clients_are_known_by_their_own_address_and_the_proxys_health_checks_are_no_complaint(string send)
    {
        await using var hub = await HubProcess.StartAsync("Mqtt:ProxyProtocol=true", "Log:Level=Debug");
        await using var proxy = await HaProxy.StartAsync(hub, send);

        await using var plain = await RawConnection.ConnectAsync(proxy.Mqtt, 5, "plain");
        await ExpectLineAsync(hub, $"plain connected from {plain.LocalAddress} (Tcp)");

        // The header comes before TLS.
        var behindTls = ClientOptions.ForTls(proxy.Tls) with { ClientId = "secure" };
        await using var secure = await behindTls.ConnectAsync();
        var line = await ExpectLineAsync(hub, "secure connected from");
        line.ShouldContain($"from {Listener.Host}:");
        line.ShouldContain("(Tls)");

        hub.Program.Errors.Lines.ShouldNotContain(line => line.Contains(" WRN "));
    }

    private static async Task<string> ExpectLineAsync(HubProcess hub, string text)
    {
        var lines = await Patience.For(hub.Program.Errors.FirstAsync(1, line => line.Contains(text)), $"the line '{text}'");
        return lines[0];
    }
}
