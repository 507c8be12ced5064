using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.MosquittoClients;

namespace TelemetryHub.EndToEnd.Tests.Durability;

/// <summary>A hub that is copied while it works, and the hub that is made from the copy.</summary>
public sealed class BackupTests
{
    private const string Topic = "backup";
    private const int PublisherCount = 3;
    private const int StreamCount = PublisherCount * 2;

    [Fact]
    public async Task A_backup_of_a_busy_hub_has_everything_that_was_acknowledged_before_it_began()
    {
        using var directory = new TemporaryDirectory();
        await using var hub = new RestartableHub(null, "Journal:SegmentBytes=1MiB");
        await hub.StartAsync();
        await LeaveSessionAsync(hub, directory);
        await using var publishers = await StartAsync(hub, "paho_outage_publishers.py", directory["published"],
            "--publishers", $"{PublisherCount}", "--seed", "1");
        await publishers.TellAsync("busy");
        using (var bulk = new BulkPublisher(hub.Mqtt)) bulk.Publish("other", 30_000); // some segments
        await publishers.TellAsync("busy");

        var begin = Clock.Now;
        (await HubProgram.RunToolAsync("journal", "backup", directory["copy"], $"--Hub:Data={hub.Data}")).ShouldSucceed();
        var end = Clock.Now;
        await publishers.TellAsync("busy");
        var publications = Publication.Read(await publishers.EndAsync("finish")).ToArray();
        (await HubProgram.RunToolAsync("journal", "restore", directory["copy"], $"--Hub:Data={directory["data"]}")).ShouldSucceed();

        await using var restored = new RestartableHub(directory["data"]);
        await restored.StartAsync();
        var glimpse = await RetainedGlimpse.TakeAsync(restored.Mqtt, $"{Topic}/+/+/state", StreamCount);
        (glimpse with { Before = begin, After = end }).Problems(publications).ShouldBeEmpty();
        Expect(publications, begin, end, await CollectAsync(restored, directory));
    }

    [Fact]
    public async Task The_tools_find_a_busy_hub_in_order()
    {
        using var directory = new TemporaryDirectory();
        await using var hub = new RestartableHub(null, "Journal:SegmentBytes=1MiB");
        await hub.StartAsync();
        await using var publishers = await StartAsync(hub, "paho_outage_publishers.py", directory["published"],
            "--publishers", $"{PublisherCount}", "--seed", "1");

        for (var round = 0; round < 5; round++)
        {
            await publishers.TellAsync("busy");
            (await HubProgram.RunToolAsync("journal", "verify", $"--Hub:Data={hub.Data}")).ShouldSucceed();
            (await HubProgram.RunToolAsync("journal", "info", $"--Hub:Data={hub.Data}")).ShouldSucceed();
        }

        var publications = Publication.Read(await publishers.EndAsync("finish"));
        JournalAudit.Problems(publications, await DumpedEvent.ReadAsync(hub.Data, $"{Topic}/#")).ShouldBeEmpty();
    }

    private static async Task LeaveSessionAsync(RestartableHub hub, TemporaryDirectory directory)
    {
        await using var absent = await StartAsync(hub, "paho_outage_subscriber.py", directory["left"], "--name", "absent", "--subscribe");
        await absent.TellAsync("ready");
        await absent.EndAsync("leave");
    }

    // What the session in the restored hub has waiting.
    private static async Task<Arrival[]> CollectAsync(RestartableHub hub, TemporaryDirectory directory)
    {
        await MosquittoPub.SendAsync(hub.Mqtt, "-t", $"{Topic}/end", "-m", "end", "-q", "2");
        await using var returned = await StartAsync(hub, "paho_outage_subscriber.py", directory["collected"], "--name", "absent");
        var lines = await returned.EndAsync("finish");
        lines.Count(line => line.StartsWith("connected ", StringComparison.Ordinal)).ShouldBe(1);
        lines.ShouldContain(line => line.StartsWith("connected ", StringComparison.Ordinal) && line.EndsWith(" 1", StringComparison.Ordinal));
        return [.. Arrival.Read(lines)];
    }

    // Each stream up to some place, which is not before the last acknowledgement when the backup began.
    private static void Expect(Publication[] publications, TimeSpan begin, TimeSpan end, Arrival[] arrivals)
    {
        var last = arrivals.Where(arrival => arrival.Number is not null).ToLookup(arrival => arrival.Stream, arrival => arrival.Number);
        var kept = publications.Where(publication => publication.Number <= last[publication.Stream].Max()).ToArray();
        StreamAudit.Of(kept, arrivals).Problems.ShouldBeEmpty();
        publications.Where(publication => publication.Acknowledged < begin).Except(kept).ShouldBeEmpty("acknowledged and not in the backup");
        kept.Where(publication => publication.Sent > end).ShouldBeEmpty("sent after the backup");
        TestContext.Current.TestOutputHelper?.WriteLine($"{kept.Length} of {publications.Length} messages, backup took {(end - begin).TotalSeconds:F1} s");
    }

    private static Task<OrderedScript> StartAsync(RestartableHub hub, string script, string record, params string[] arguments) =>
        OrderedScript.StartAsync(
            script, record, ["--host", Listener.Host, "--port", $"{hub.Mqtt.Port}", "--run", "1", "--topic", Topic, .. arguments]);
}
