using System.Diagnostics;
using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.OwnClient;
using TelemetryHub.EndToEnd.Tests.Programs;
using TelemetryHub.EndToEnd.Tests.Raw;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Client;

namespace TelemetryHub.EndToEnd.Tests.Crowds;

/// <summary>The hub is told to stop while it has clients, on every transport.</summary>
[Collection(AloneDefinition.Name)]
public sealed class GracefulStopTests
{
    private const int Clients = 2_000;
    private const int Others = 10;

    // The default of Hub:StopTimeout.
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_client_is_told_that_the_hub_stops(bool byCtrlC)
    {
        await using var hub = await HubProcess.StartAsync();
        await ExpectGoodbyesAsync(hub, byCtrlC, "8B", ReasonCode.ServerShuttingDown, null);
    }

    [Fact]
    public async Task Every_client_is_sent_to_the_other_server_when_there_is_one()
    {
        const string Reference = "other.example:1883";
        await using var hub = await HubProcess.StartAsync($"Mqtt:ServerReference={Reference}");
        var body = Convert.ToHexString(PacketNotation.Parse($"9C {{ 1C \"{Reference}\" }}"));
        await ExpectGoodbyesAsync(hub, byCtrlC: false, body, ReasonCode.UseAnotherServer, Reference);
    }

    private static async Task ExpectGoodbyesAsync(HubProcess hub, bool byCtrlC, string goodbye, ReasonCode reason, string? reference)
    {
        await using var crowd = await Crowd.StormAsync(hub.Mqtt, Clients, JoinAsync);
        var others = await Task.WhenAll(
            Enumerable.Range(0, Others).Select(number => OneConnection.MakeAsync(
                ClientOptions.For(hub, number % 2 == 0 ? MqttTransport.Tls : MqttTransport.WebSocket))));

        var watch = Stopwatch.StartNew();
        if (byCtrlC) hub.Program.Interrupt();
        else hub.Program.Terminate();

        await crowd.EachAsync(async (member, _) =>
        {
            (await member.ReadAsync()).ShouldBePacket($"E0 {goodbye}");
            (await member.ReadAsync()).ShouldBeNull();
        });
        foreach (var other in others)
        {
            await using var last = other;
            var end = await last.EndAsync();
            (end.Cause, end.Reason, end.ServerReference).ShouldBe((DisconnectCause.ServerDisconnected, reason, reference));
        }

        (await hub.Program.ExitAsync()).ShouldSucceed();
        TestContext.Current.TestOutputHelper?.WriteLine($"stopped after {watch.Elapsed.TotalSeconds:F2} s");
        watch.Elapsed.ShouldBeLessThan(StopTimeout);
    }

    private static async Task JoinAsync(RawConnection member, int number)
    {
        await member.SendAsync(RawConnection.ConnectNotation(5, $"stop{number}"));
        $"{await member.ReadAsync()}".ShouldStartWith("20 0000");
    }
}
