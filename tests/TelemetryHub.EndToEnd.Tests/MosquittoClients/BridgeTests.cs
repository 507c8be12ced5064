using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.MosquittoClients;

/// <summary>Mosquitto as a bridge to the broker: what is published on one side arrives on the other, once.</summary>
public sealed class BridgeTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    private Listener Hub => fixture.Broker.Mqtt;

    [Theory]
    [InlineData("mqttv31")]
    [InlineData("mqttv311")]
    [InlineData("mqttv50")]
    public async Task A_bridge_carries_messages_in_both_directions(string version)
    {
        var topic = Unique.Topic("bridge");
        await using var bridge = await StartBridgeAsync(version, topic);
        await using var remote = await MosquittoSub.StartAsync(Hub, "%q %t %p", "-t", $"{topic}/#", "-q", "2");
        await using var local = await MosquittoSub.StartAsync(bridge.Mqtt, "%q %t %p", "-t", $"{topic}/#", "-q", "2");

        for (var qos = 0; qos <= 2; qos++)
        {
            await MosquittoPub.SendAsync(bridge.Mqtt, "-t", $"{topic}/up", "-q", $"{qos}", "-m", "from the edge");
            (await remote.NextAsync()).ShouldBe($"{qos} {topic}/up from the edge");
            (await local.NextAsync()).ShouldBe($"{qos} {topic}/up from the edge"); // where it was published

            // An echo of what went up would be the next message here.
            await MosquittoPub.SendAsync(Hub, "-t", $"{topic}/down", "-q", $"{qos}", "-m", "from the hub");
            (await local.NextAsync()).ShouldBe($"{qos} {topic}/down from the hub");
            (await remote.NextAsync()).ShouldBe($"{qos} {topic}/down from the hub");
        }
    }

    [Theory]
    [InlineData("mqttv311")]
    [InlineData("mqttv50")]
    public async Task A_bridge_carries_many_messages_in_order(string version)
    {
        var topic = Unique.Topic("bridge");
        var lines = Enumerable.Range(0, 2_000).Select(number => $"{number}").ToArray();
        await using var bridge = await StartBridgeAsync(version, topic);
        await using var remote = await MosquittoSub.StartAsync(Hub, "%p", "-t", $"{topic}/up", "-q", "1");
        await using var local = await MosquittoSub.StartAsync(bridge.Mqtt, "%p", "-t", $"{topic}/down", "-q", "1");

        await Task.WhenAll(
            MosquittoPub.SendLinesAsync(bridge.Mqtt, lines, "-t", $"{topic}/up", "-q", "1"),
            MosquittoPub.SendLinesAsync(Hub, lines, "-t", $"{topic}/down", "-q", "1"));

        (await remote.TakeAsync(lines.Length)).ShouldBe(lines);
        (await local.TakeAsync(lines.Length)).ShouldBe(lines);
    }

    [Fact]
    public async Task A_bridge_passes_the_retained_flag_on()
    {
        var topic = Unique.Topic("bridge");
        await using var bridge = await StartBridgeAsync("mqttv311", topic);
        await using var remote = await MosquittoSub.StartAsync(Hub, "%p", "-t", $"{topic}/#");
        await MosquittoPub.SendAsync(bridge.Mqtt, "-t", $"{topic}/state", "-q", "1", "-r", "-m", "on");
        (await remote.NextAsync()).ShouldBe("on");

        await using var late = await MosquittoSub.StartAsync(Hub, "%r %p", "-t", $"{topic}/state");

        (await late.NextAsync()).ShouldBe("1 on");
    }

    [Theory]
    [InlineData("mqttv311")]
    [InlineData("mqttv50")]
    public async Task A_bridge_may_announce_itself_under_SYS(string version)
    {
        // Notifications are Mosquitto's default: a retained message and a will on $SYS/broker/connection/<name>/state.
        await using var remote = await MosquittoSub.StartAsync(Hub, "%p", "-t", "$SYS/broker/connection/+/state", "-R");
        await using (await StartBridgeAsync(version, Unique.Topic("bridge"), notifications: true)) (await remote.NextAsync()).ShouldBe("1");
        (await remote.NextAsync()).ShouldBe("0");
    }

    private async Task<MosquittoProcess> StartBridgeAsync(string version, string topic, bool notifications = false)
    {
        var bridge = await MosquittoProcess.StartAsync($"""
            connection {Unique.ClientId("edge")}
            address {Listener.Host}:{Hub.Port}
            notifications {(notifications ? "true" : "false")}
            bridge_protocol_version {version}
            topic {topic}/# both 2

            """);
        try
        {
            await Patience.For(
                bridge.Log.FirstAsync(1, line => line.Contains("Received SUBACK", StringComparison.Ordinal)), "the bridge's subscription");
            return bridge;
        }
        catch (Exception)
        {
            await bridge.DisposeAsync();
            throw;
        }
    }
}
