using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.MosquittoClients;
using TelemetryHub.EndToEnd.Tests.OwnClient;
using TelemetryHub.EndToEnd.Tests.Programs;
using TelemetryHub.EndToEnd.Tests.Raw;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Client;

namespace TelemetryHub.EndToEnd.Tests.Durability;

/// <summary>A disk that is full, for real: a small tmpfs with somebody else's file on it.</summary>
public sealed class FullDiskTests
{
    private const int DiskMegabytes = 64;
    private const int FillerMegabytes = 32;
    private const int PayloadBytes = 16 * 1024;

    // Twice as many as the disk has room for.
    private const int MostMessages = 2 * (DiskMegabytes << 20) / PayloadBytes;

    private const string Alarm = "The journal cannot be written";
    private const string AllClear = "The journal can be written again";

    [Fact]
    public async Task A_full_disk_refuses_what_is_to_be_kept_lets_the_rest_through_and_mends_by_itself()
    {
        await using var disk = await SmallDisk.MountAsync(DiskMegabytes);
        var filler = await disk.FillAsync(FillerMegabytes);
        await using var hub = new RestartableHub(disk["data"], "Journal:MaxBytes=1GiB", "Journal:SegmentBytes=4MiB", "Mqtt:MaxQueuedBytes=1GiB")
        {
            ExpectedComplaint = Alarm,
        };
        await hub.StartAsync();
        string[] absent = ["-V", "mqttv5", "-x", "3600", "-i", "absent", "-t", "kept/#", "-q", "1"];
        await MosquittoSub.LeaveSessionAsync(hub.Mqtt, absent);
        await using var publisher = await ClientOptions.For(hub.Mqtt.Port).ConnectAsync();

        var acknowledged = await PublishUntilRefusedAsync(publisher);
        await Patience.For(hub.Program.Errors.FirstAsync(1, line => line.Contains(Alarm)), "the alarm");
        await ExpectRefusalsAsync(hub, publisher);
        await ExpectLiveDeliveryAsync(hub, publisher);
        (await ReadyAsync(hub)).ShouldBe(503);

        File.Delete(filler);
        await Patience.For(hub.Program.Errors.FirstAsync(1, line => line.Contains(AllClear)), "the all-clear");
        (await ReadyAsync(hub)).ShouldBe(200);
        await publisher.SayAsync("kept/after", "the disk has room again");
        await publisher.SayAsync("kept/last", "twice", QoS.ExactlyOnce);

        await hub.RestartAsync(Ending.Kill);
        await using var back = await MosquittoSub.StartAsync(hub.Mqtt, "%t", ["-c", .. absent]);
        var collected = new List<string>();
        while (collected.LastOrDefault() != "kept/last") collected.Add(await back.NextAsync());
        acknowledged.Except(collected).ShouldBeEmpty("acknowledged and lost");
        collected.Where(acknowledged.Contains).ShouldBe(acknowledged, "the order");
    }

    // The topics of what was acknowledged.
    private static async Task<List<string>> PublishUntilRefusedAsync(MqttClient publisher)
    {
        var payload = new byte[PayloadBytes];
        var acknowledged = new List<string>();
        for (var number = 0; number < MostMessages; number++)
        {
            var topic = $"kept/{number}";
            var result = await Patience.For(publisher.PublishAsync(topic, payload, QoS.AtLeastOnce).AsTask(), "an answer");
            if (!result.IsSuccess)
            {
                result.Reason.ShouldBe(ReasonCode.QuotaExceeded);
                acknowledged.Count.ShouldBeGreaterThan(100);
                return acknowledged;
            }

            acknowledged.Add(topic);
        }

        throw new InvalidOperationException("The disk does not get full.");
    }

    private static async Task ExpectRefusalsAsync(RestartableHub hub, MqttClient publisher)
    {
        var twice = await Patience.For(publisher.PublishAsync("kept/refused", new byte[1], QoS.ExactlyOnce).AsTask(), "an answer");
        twice.Reason.ShouldBe(ReasonCode.QuotaExceeded);

        var mosquitto = await RunningProgram.RunAsync(
            "mosquitto_pub", [.. hub.Mqtt.MosquittoArguments, "-V", "mqttv5", "-t", "kept/refused", "-q", "1", "-m", "refused"]);
        mosquitto.Errors.ShouldContain(line => line.Contains("failed: Quota exceeded", StringComparison.Ordinal));

        // MQTT 3.1.1 has no way to say no but this.
        foreach (var firstByte in new[] { "32", "34" })
        {
            await using var old = await RawConnection.ConnectAsync(hub.Mqtt, 4, "old");
            await old.SendAsync($"{firstByte} {{ \"kept/refused\" 0001 'refused' }}");
            (await old.ReadAsync()).ShouldBeNull();
        }
    }

    private static async Task ExpectLiveDeliveryAsync(RestartableHub hub, MqttClient publisher)
    {
        await using var live = await MosquittoSub.StartAsync(hub.Mqtt, "%t %p", "-t", "live/#");
        for (var number = 0; number < 100; number++) await publisher.SayAsync($"live/{number}", "now", QoS.AtMostOnce);
        (await live.TakeAsync(100)).ShouldBe(Enumerable.Range(0, 100).Select(number => $"live/{number} now"));
    }

    private static async Task<int> ReadyAsync(RestartableHub hub)
    {
        using var http = new HttpClient { BaseAddress = hub.Http };
        using var answer = await http.GetAsync(new Uri("health/ready", UriKind.Relative), TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine($"{(int)answer.StatusCode} {text}");
        if (!answer.IsSuccessStatusCode) text.ShouldContain("journal", Case.Insensitive);
        return (int)answer.StatusCode;
    }
}
