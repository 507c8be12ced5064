using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.MosquittoClients;
using TelemetryHub.EndToEnd.Tests.Programs;
using TelemetryHub.EndToEnd.Tests.Raw;

namespace TelemetryHub.EndToEnd.Tests.Durability;

/// <summary>What a broker still knows after it was stopped or killed.</summary>
public sealed class RestartTests
{
    [Theory]
    [InlineData(Ending.Stop)]
    [InlineData(Ending.Kill)]
    public async Task Retained_messages_are_there_again_and_cleared_ones_are_not(Ending ending)
    {
        await using var broker = await Restartable.StartAsync();
        var root = Unique.Topic("retained");
        await RetainAsync("zero", "-q", "0", "-m", "of QoS 0");
        await RetainAsync("cleared", "-q", "1", "-m", "gone");
        await RetainAsync("cleared", "-q", "1", "-n");
        await RetainAsync("replaced", "-q", "1", "-m", "old");
        await RetainAsync("replaced", "-q", "2", "-m", "new");
        await RetainAsync("properties", "-q", "1", "-m", "{}", "-D", "publish", "content-type", "application/json",
            "-D", "publish", "user-property", "unit", "K");

        // Twice: the second start reads what the first one wrote.
        for (var restart = 0; restart < 2; restart++)
        {
            await broker.RestartAsync(ending);
            await using var fresh = await MosquittoSub.StartAsync(broker.Mqtt, "%t %q %r %C %P %p", "-V", "mqttv5", "-t", $"{root}/#", "-q", "2");
            (await fresh.TakeAsync(3)).Order().ShouldBe(
            [
                $"{root}/properties 1 1 application/json unit:K {{}}",
                $"{root}/replaced 2 1   new",
                $"{root}/zero 0 1   of QoS 0",
            ]);
        }

        Task RetainAsync(string topic, params string[] arguments) =>
            MosquittoPub.SendAsync(broker.Mqtt, ["-V", "mqttv5", "-t", $"{root}/{topic}", "-r", .. arguments]);
    }

    [Theory]
    [InlineData(Ending.Stop, "mqttv31", 1)]
    [InlineData(Ending.Stop, "mqttv311", 2)]
    [InlineData(Ending.Stop, "mqttv5", 1)]
    [InlineData(Ending.Kill, "mqttv31", 2)]
    [InlineData(Ending.Kill, "mqttv311", 1)]
    [InlineData(Ending.Kill, "mqttv5", 2)]
    public async Task A_session_has_its_messages_and_its_subscriptions_in_order(Ending ending, string version, int qos)
    {
        await using var broker = await Restartable.StartAsync();
        // MQTT 5 §4.9: mosquitto_sub announces a receive maximum of 20 and takes it seriously.
        Assert.SkipUnless(broker.IsHub || (version, qos) != ("mqttv5", 2), "Mosquitto 2.0: gives receive maximum back at PUBREC");
        var topic = Unique.Topic("session");
        string[] session = ["-V", version, "-i", Unique.ClientId("away"), "-t", topic, "-q", $"{qos}"];
        await MosquittoSub.LeaveSessionAsync(broker.Mqtt, session);
        var lines = Enumerable.Range(0, 600).Select(number => $"{qos} {number}").ToArray();

        await SendAsync(lines[..300]);
        await broker.RestartAsync(ending);
        await SendAsync(lines[300..500]);
        await broker.RestartAsync(ending);
        await SendAsync(lines[500..]);

        await using var back = await MosquittoSub.StartAsync(broker.Mqtt, "%q %p", ["-c", .. session]);
        (await back.TakeAsync(lines.Length)).ShouldBe(lines);

        Task SendAsync(string[] part) =>
            MosquittoPub.SendLinesAsync(broker.Mqtt, part.Select(line => line[2..]), "-V", version, "-t", topic, "-q", $"{qos}");
    }

    [Theory]
    [InlineData(Ending.Stop)]
    [InlineData(Ending.Kill)]
    public async Task The_expiry_of_a_session_goes_on_while_the_broker_is_down(Ending ending)
    {
        await using var broker = await Restartable.StartAsync();
        Assert.SkipUnless(broker.IsHub, "Mosquitto 2.0: ends a session some seconds late");
        await ExpectSessionAsync(broker.Mqtt, "short", "00000002", "00");
        await ExpectSessionAsync(broker.Mqtt, "long", "0000012C", "00");

        await broker.SettleAsync();
        await broker.EndAsync(ending);
        // There is nothing to wait for but the time.
        await Task.Delay(TimeSpan.FromSeconds(2.5), TestContext.Current.CancellationToken);
        await broker.StartAsync();

        await ExpectSessionAsync(broker.Mqtt, "short", "00000002", "00");
        await ExpectSessionAsync(broker.Mqtt, "long", "0000012C", "01");
    }

    [Fact]
    public async Task A_session_that_ends_with_its_connection_leaves_nothing_behind()
    {
        await using var broker = await Restartable.StartAsync();
        await ExpectSessionAsync(broker.Mqtt, "brief", "00000000", "00");

        await broker.SettleAsync();
        await broker.RestartAsync(Ending.Kill);

        await ExpectSessionAsync(broker.Mqtt, "brief", "0000012C", "00");
    }

    // CONNECT without clean start; the first byte of CONNACK's body says whether there was a session.
    private static async Task ExpectSessionAsync(Listener listener, string clientId, string expiry, string present)
    {
        await using var connection = await RawConnection.OpenAsync(listener);
        await connection.SendAsync($"10 {{ \"MQTT\" 05 00 003C {{ 11 {expiry} }} \"{clientId}\" }}");
        $"{await connection.ReadAsync()}".ShouldStartWith($"20 {present}00");
        await connection.SendAsync("E0 00");
        (await connection.ReadAsync()).ShouldBeNull();
    }
}
