using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.MosquittoClients;

/// <summary>Sessions that outlive their connection.</summary>
public sealed class SessionTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    private Listener Mqtt => fixture.Broker.Mqtt;

    [Theory]
    [InlineData("mqttv31", 1)]
    [InlineData("mqttv311", 2)]
    [InlineData("mqttv5", 1)]
    [InlineData("mqttv5", 2)]
    public async Task What_came_while_a_subscriber_was_away_waits_for_it_in_order(string version, int qos)
    {
        // MQTT 5 §4.9: mosquitto_sub announces a receive maximum of 20 and takes it seriously.
        if (version == "mqttv5" && qos == 2) fixture.SkipOnMosquitto("gives receive maximum back at PUBREC instead of PUBCOMP, and mosquitto_sub closes");
        var topic = Unique.Topic("session");
        string[] session = ["-V", version, "-i", Unique.ClientId("away"), "-t", topic, "-q", $"{qos}"];
        await MosquittoSub.LeaveSessionAsync(Mqtt, session);
        var lines = Enumerable.Range(0, 500).Select(number => $"{qos} {number}").ToArray();

        await MosquittoPub.SendLinesAsync(Mqtt, lines.Select(line => line[2..]), "-V", version, "-t", topic, "-q", $"{qos}");

        await using var back = await MosquittoSub.StartAsync(Mqtt, "%q %p", ["-c", .. session]);
        (await back.TakeAsync(lines.Length)).ShouldBe(lines);
    }

    [Fact]
    public async Task A_killed_subscriber_finds_its_session_too()
    {
        var topic = Unique.Topic("session");
        string[] session = ["-V", "mqttv311", "-c", "-i", Unique.ClientId("killed"), "-t", topic, "-q", "1"];
        await using (var first = await MosquittoSub.StartAsync(Mqtt, "%p", session)) await first.KillAsync();

        await MosquittoPub.SendAsync(Mqtt, "-t", topic, "-q", "1", "-m", "waiting");

        await using var back = await MosquittoSub.StartAsync(Mqtt, "%p", session);
        (await back.NextAsync()).ShouldBe("waiting");
    }

    [Theory]
    [InlineData("mqttv31")]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task A_clean_start_forgets_what_was_waiting(string version)
    {
        var topic = Unique.Topic("session");
        string[] session = ["-V", version, "-i", Unique.ClientId("clean"), "-t", topic, "-q", "1"];
        await MosquittoSub.LeaveSessionAsync(Mqtt, session);
        await MosquittoPub.SendAsync(Mqtt, "-t", topic, "-q", "1", "-m", "forgotten");

        await using var fresh = await MosquittoSub.StartAsync(Mqtt, "%p", session);
        await MosquittoPub.SendAsync(Mqtt, "-t", topic, "-q", "1", "-m", "live");

        (await fresh.NextAsync()).ShouldBe("live");
    }

    [Fact]
    public async Task A_message_that_expired_while_its_subscriber_was_away_is_not_delivered()
    {
        var topic = Unique.Topic("session");
        string[] session = ["-V", "mqttv5", "-i", Unique.ClientId("expiry"), "-t", topic, "-q", "1"];
        await MosquittoSub.LeaveSessionAsync(Mqtt, session);
        await ExpiringAsync(topic, "short", 1);
        await ExpiringAsync(topic, "long", 600);

        await PassAsync(seconds: 3);

        await using var back = await MosquittoSub.StartAsync(Mqtt, "%E %p", ["-c", .. session]);
        var message = (await back.NextAsync()).Split(' ');
        message[1].ShouldBe("long");
        int.Parse(message[0]).ShouldBeInRange(550, 599); // the time that it waited is taken off
    }

    [Fact]
    public async Task A_second_client_with_the_same_id_takes_over()
    {
        var topic = Unique.Topic("session");
        string[] arguments = ["-V", "mqttv5", "-i", Unique.ClientId("twin"), "-t", topic, "-q", "1"];
        await using var first = await MosquittoSub.StartAsync(Mqtt, "%p", [.. arguments, "--will-topic", $"{topic}/will"]);
        await using var watcher = await MosquittoSub.StartAsync(Mqtt, "%t", "-t", $"{topic}/will");
        await using var second = await MosquittoSub.StartAsync(Mqtt, "%p", arguments);

        // MQTT 5 §3.1.4: the first connection ends without a DISCONNECT of its own, so its will is due.
        (await watcher.NextAsync()).ShouldBe($"{topic}/will");
        await MosquittoPub.SendAsync(Mqtt, "-t", topic, "-q", "1", "-m", "for the second");
        (await second.NextAsync()).ShouldBe("for the second");
        first.Received.ShouldBe(0);
    }

    private Task ExpiringAsync(string topic, string message, int seconds) => MosquittoPub.SendAsync(
        Mqtt, "-V", "mqttv5", "-t", topic, "-q", "1", "-m", message, "-D", "publish", "message-expiry-interval", $"{seconds}");

    // The broker's clock is in another process: a will that is due after so many seconds tells that they have passed there.
    private async Task PassAsync(int seconds)
    {
        var topic = Unique.Topic("clock");
        await using var watcher = await MosquittoSub.StartAsync(Mqtt, "%p", "-t", topic);
        await using var clock = await MosquittoSub.StartAsync(
            Mqtt, "%p", "-V", "mqttv5", "-t", Unique.Topic("idle"), "--will-topic", topic, "--will-payload", "now",
            "-D", "will", "will-delay-interval", $"{seconds}", "-D", "connect", "session-expiry-interval", "600");
        await clock.KillAsync();
        (await watcher.NextAsync()).ShouldBe("now");
    }
}
