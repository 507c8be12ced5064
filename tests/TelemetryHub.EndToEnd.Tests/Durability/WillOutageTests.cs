using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.MosquittoClients;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.Durability;

/// <summary>Wills of clients that are gone when the hub comes back, or went before.</summary>
public sealed class WillOutageTests
{
    private static readonly TimeSpan Downtime = TimeSpan.FromSeconds(1.5);

    [Theory]
    [InlineData(Ending.Stop)]
    [InlineData(Ending.Kill)]
    public async Task Each_will_is_published_once_unless_its_client_comes_back_in_time(Ending ending)
    {
        await using var broker = await Restartable.StartAsync();
        Assert.SkipUnless(broker.IsHub, "Mosquitto 2.0: publishes wills as it stops, and forgets those with a delay");
        var topic = Unique.Topic("will");
        string[] watching = ["-V", "mqttv5", "-x", "300", "-i", Unique.ClientId("watcher"), "-t", $"{topic}/#", "-q", "2"];
        await MosquittoSub.LeaveSessionAsync(broker.Mqtt, watching);
        await using var before = await DeviceAsync(broker.Mqtt, $"{topic}/left-before", Delayed(5));
        await using var meanwhile = await DeviceAsync(broker.Mqtt, $"{topic}/left-meanwhile", Delayed(5));
        await using var returning = await DeviceAsync(broker.Mqtt, $"{topic}/returned", Delayed(5));
        await using var overdue = await DeviceAsync(broker.Mqtt, $"{topic}/overdue", Delayed(1));
        await using var brief = await DeviceAsync(broker.Mqtt, $"{topic}/brief", "-V", "mqttv5");
        await using var old = await DeviceAsync(broker.Mqtt, $"{topic}/old", "-V", "mqttv311");

        await before.KillAsync();
        await overdue.KillAsync();
        await broker.SettleAsync();
        await broker.EndAsync(ending);
        foreach (var device in new[] { meanwhile, returning, brief, old }) await device.KillAsync();
        // There is nothing to wait for but the time.
        await Task.Delay(Downtime, TestContext.Current.CancellationToken);
        await broker.StartAsync();
        await using var back = await DeviceAsync(broker.Mqtt, $"{topic}/returned", Delayed(5));

        await using (var watcher = await MosquittoSub.StartAsync(broker.Mqtt, "%t %q %r %p", ["-c", .. watching]))
        {
            (await watcher.TakeAsync(5)).Order().ShouldBe(
                new[] { "brief", "left-before", "left-meanwhile", "old", "overdue" }.Select(name => $"{topic}/{name} 2 0 lost"));
        }

        // And not again: neither the wills nor their deliveries.
        await broker.SettleAsync();
        await broker.RestartAsync(ending);
        await using var later = await MosquittoSub.StartAsync(broker.Mqtt, "%t", ["-c", .. watching]);
        await MosquittoPub.SendAsync(broker.Mqtt, "-t", $"{topic}/end", "-m", "end", "-q", "2");
        (await later.NextAsync()).ShouldBe($"{topic}/end");
    }

    private static string[] Delayed(int seconds) =>
        ["-V", "mqttv5", "-c", "-x", "60", "-D", "will", "will-delay-interval", $"{seconds}"];

    private static Task<MosquittoSub> DeviceAsync(Listener listener, string willTopic, params string[] arguments) =>
        MosquittoSub.StartAsync(listener, "%p",
            ["-i", willTopic, "-t", "idle", "--will-topic", willTopic, "--will-payload", "lost", "--will-qos", "2", .. arguments]);
}
