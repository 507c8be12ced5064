using System.Diagnostics;
using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.MosquittoClients;

/// <summary>Wills: published when a client disappears, and only then.</summary>
public sealed class WillTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    private Listener Mqtt => fixture.Broker.Mqtt;

    [Theory]
    [InlineData("mqttv31")]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task The_will_of_a_killed_client_is_published(string version)
    {
        var topic = Unique.Topic("will");
        await using var watcher = await MosquittoSub.StartAsync(Mqtt, "%q %r %p", "-V", version, "-t", topic, "-q", "2");
        await using var device = await DeviceAsync(version, topic, "--will-payload", "lost", "--will-qos", "1");

        await device.KillAsync();

        (await watcher.NextAsync()).ShouldBe("1 0 lost");
    }

    [Theory]
    [InlineData("mqttv31")]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task The_will_of_a_client_that_says_goodbye_is_not_published(string version)
    {
        var topic = Unique.Topic("will");
        await using var watcher = await MosquittoSub.StartAsync(Mqtt, "%p", "-V", version, "-t", topic);
        await using var device = await DeviceAsync(version, topic, "--will-payload", "lost", "-C", "1", "-t", $"{topic}/go");

        await MosquittoPub.SendAsync(Mqtt, "-t", $"{topic}/go", "-m", "now");
        await device.EndAsync();

        await MosquittoPub.SendAsync(Mqtt, "-t", topic, "-m", "after the goodbye");
        (await watcher.NextAsync()).ShouldBe("after the goodbye");
    }

    [Fact]
    public async Task A_goodbye_with_will_publishes_the_will()
    {
        var topic = Unique.Topic("will");
        await using var watcher = await MosquittoSub.StartAsync(Mqtt, "%p", "-V", "mqttv5", "-t", topic);
        await using var device = await DeviceAsync("mqttv5", topic, "--will-payload", "lost");

        await device.LeaveAsync(); // MQTT 5 §3.14.2.1: on SIGTERM mosquitto_sub sends DISCONNECT with 0x04

        (await watcher.NextAsync()).ShouldBe("lost");
    }

    [Fact]
    public async Task A_retained_will_stays_for_later_subscribers()
    {
        var topic = Unique.Topic("will");
        await using var watcher = await MosquittoSub.StartAsync(Mqtt, "%r %p", "-t", topic);
        await using var device = await DeviceAsync("mqttv311", topic, "--will-payload", "lost", "--will-retain", "--will-qos", "2");
        await device.KillAsync();
        (await watcher.NextAsync()).ShouldBe("0 lost");

        await using var late = await MosquittoSub.StartAsync(Mqtt, "%r %p", "-t", topic);
        (await late.NextAsync()).ShouldBe("1 lost");
    }

    [Fact]
    public async Task A_delayed_will_waits_for_its_delay()
    {
        var topic = Unique.Topic("will");
        await using var watcher = await MosquittoSub.StartAsync(Mqtt, "%p", "-V", "mqttv5", "-t", topic);
        await using var device = await DeviceAsync("mqttv5", topic, [.. Delayed(1), "-x", "60"]);

        var watch = Stopwatch.StartNew();
        await device.KillAsync();

        (await watcher.NextAsync()).ShouldBe("lost");
        watch.Elapsed.ShouldBeGreaterThan(TimeSpan.FromSeconds(0.5)); // Mosquitto counts in whole seconds of the clock
    }

    [Fact]
    public async Task A_client_that_returns_in_time_takes_its_will_back()
    {
        var topic = Unique.Topic("will");
        // Without -c its CONNECT would begin with a clean start: that ends the old session, and the will is due (MQTT 5 §3.1.2.5).
        string[] returning = [.. Delayed(2), "-c", "-x", "60", "-i", Unique.ClientId("returning")];
        await using var watcher = await MosquittoSub.StartAsync(Mqtt, "%t", "-V", "mqttv5", "-t", $"{topic}/#");
        await using var first = await DeviceAsync("mqttv5", $"{topic}/returned", returning);
        await using var other = await DeviceAsync("mqttv5", $"{topic}/stayed-away", [.. Delayed(4), "-x", "60"]);

        await first.KillAsync();
        await other.KillAsync();
        await using var second = await DeviceAsync("mqttv5", $"{topic}/returned", returning);

        // The other's delay ends later: had the first will been kept, it would be here before.
        (await watcher.NextAsync()).ShouldBe($"{topic}/stayed-away");
    }

    private static string[] Delayed(int seconds) =>
        ["--will-payload", "lost", "-D", "will", "will-delay-interval", $"{seconds}"];

    private Task<MosquittoSub> DeviceAsync(string version, string willTopic, params string[] arguments) =>
        MosquittoSub.StartAsync(Mqtt, "%p", ["-V", version, "-t", Unique.Topic("idle"), "--will-topic", willTopic, .. arguments]);
}
