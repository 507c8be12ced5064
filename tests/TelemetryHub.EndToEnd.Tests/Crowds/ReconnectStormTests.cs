using System.Diagnostics;
using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Raw;

namespace TelemetryHub.EndToEnd.Tests.Crowds;

/// <summary>What comes after a power cut: everybody at once.</summary>
[Collection(AloneDefinition.Name)]
public sealed class ReconnectStormTests
{
    private const int Clients = 10_000;

    [Fact]
    public async Task Ten_thousand_clients_that_are_cut_off_come_back_at_once_to_their_sessions()
    {
        await using var hub = await HubProcess.StartAsync("Log:Level=Debug");
        using var traffic = SteadyTraffic.Start(hub.Mqtt);

        var watch = Stopwatch.StartNew();
        await using var first = await StormAsync(hub, sessionPresent: "00");
        var connected = watch.Elapsed;
        first.Reset();

        watch.Restart();
        await using var second = await StormAsync(hub, sessionPresent: "01");
        var connectedAgain = watch.Elapsed;

        await traffic.StopAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Clients} clients connected in {connected.TotalSeconds:F2} s and again in {connectedAgain.TotalSeconds:F2} s; "
            + $"of {traffic.RoundTrips} round trips meanwhile the longest took {traffic.Longest.TotalMilliseconds:F0} ms");
        traffic.Longest.ShouldBeLessThan(TimeSpan.FromSeconds(2));
        hub.Program.Errors.Lines.Where(line => line.Contains(" WRN ") || line.Contains(" ERR ")).ShouldBeEmpty();
        Unserved(hub).ShouldBeEmpty();
    }

    // Sessions that outlive their connections, and were there before or were not.
    private static Task<Crowd> StormAsync(HubProcess hub, string sessionPresent) => Crowd.StormAsync(hub.Mqtt, Clients, async (member, number) =>
    {
        var watch = Stopwatch.StartNew();
        await member.SendAsync($"10 {{ \"MQTT\" 05 00 003C {{ 11 0000012C }} \"storm{number}\" }}");
        if (await member.ReadAsync() is { } answer)
            answer.ToString().ShouldStartWith($"20 {sessionPresent}00");
        else
            Assert.Fail($"{member.LocalAddress} was closed after {watch.Elapsed}. The hub: {string.Join('\n', Unserved(hub))}");
    });

    // Connections that ended before their client was connected.
    private static IEnumerable<string> Unserved(HubProcess hub) => hub.Program.Errors.Lines.Where(line => line.Contains("(not connected)"));
}
