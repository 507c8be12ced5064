using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.Durability;

/// <summary>The JavaScript client on both sides, while the broker is stopped or killed. See <c>tests/clients/mqttjs_outage.mjs</c>.</summary>
public sealed class MqttJsOutageTests
{
    private const int Outages = 3;

    [Theory]
    [InlineData(Ending.Stop, "4", 1)]
    [InlineData(Ending.Stop, "5", 2)]
    [InlineData(Ending.Kill, "4", 2)]
    [InlineData(Ending.Kill, "5", 1)]
    [InlineData(Ending.Kill, "5", 2)]
    public async Task Messages_on_their_way_survive(Ending ending, string version, int qos)
    {
        await using var broker = await Restartable.StartAsync();
        await using var script = await ClientScript.StartNodeAsync("mqttjs_outage.mjs", "--url", $"mqtt://{Listener.Host}:{broker.Mqtt.Port}",
            "--version", version, "--qos", $"{qos}", "--run", Unique.ClientId("run"));

        try
        {
            for (var outage = 1; outage <= Outages; outage++)
            {
                await Patience.For(script.Output.FirstAsync(outage, line => line == "flowing"), $"outage {outage}", Patience.LongLimit);
                await broker.RestartAsync(ending);
                await script.Input.WriteLineAsync("back".AsMemory(), TestContext.Current.CancellationToken);
            }
        }
        catch (EndOfStreamException)
        {
            // The script has failed, and says below why.
        }

        (await script.ExitAsync(Patience.LongLimit)).ShouldSucceed();
    }
}
