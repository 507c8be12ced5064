using System.IO.Compression;
using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Durability;
using TelemetryHub.EndToEnd.Tests.MosquittoClients;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.Kept;

/// <summary>
/// Data directories that earlier versions wrote: this one must open them all. Each was made by <c>make.sh</c>, stopped in order once, and killed at
/// the end. When the format changes, another one is added; none is ever made again.
/// </summary>
public sealed class KeptTests
{
    // What is in them is older than any retention; their last byte is what it is for.
    private static readonly string[] Settings = ["Journal:MaxAge=0", "Mqtt:MaxSessionExpiry=36500d"];

    public static TheoryData<string> Versions => [.. Directory.GetFiles(Folder, "*.zip").Select(path => Path.GetFileNameWithoutExtension(path))];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Kept");

    [Fact]
    public void There_is_one_for_this_version() => Versions.Select(row => row.Data).ShouldContain("v1");

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_directory_of_an_earlier_version_is_opened_with_everything_in_it(string version)
    {
        using var directory = new TemporaryDirectory();
        ZipFile.ExtractToDirectory(Path.Combine(Folder, version + ".zip"), directory["data"]);
        await using var hub = new RestartableHub(directory["data"], Settings);
        // The second time from what this version made of it.
        for (var start = 0; start < 2; start++)
        {
            hub.Launch();
            await hub.ReadyAsync();
            await using (var fresh = await MosquittoSub.StartAsync(hub.Mqtt, "%t %q %r %p", "-V", "mqttv5", "-t", "kept/#", "-q", "2"))
            {
                (await fresh.NextAsync()).ShouldBe("kept/state 2 1 retained again");
                await MosquittoPub.SendAsync(hub.Mqtt, ["-t", "kept/end", "-m", "and nothing else"]);
                (await fresh.NextAsync()).ShouldBe("kept/end 0 0 and nothing else");
            }
            if (start == 0)
                await hub.KillAsync();
        }

        string[] queued = [.. Numbered("before the stop"), .. Numbered("before the kill")];
        (await QueuedAsync(hub.Mqtt, "old", "mqttv311", queued.Length)).ShouldBe(queued.Select(line => "queue/a 1 " + line));
        (await QueuedAsync(hub.Mqtt, "new", "mqttv5", queued.Length)).ShouldBe(queued.Select(line => "queue/a 2 " + line));
    }

    private static IEnumerable<string> Numbered(string text) => Enumerable.Range(1, 3).Select(number => $"{text} {number}");

    private static async Task<IReadOnlyList<string>> QueuedAsync(Listener listener, string clientId, string version, int count)
    {
        // Nothing is subscribed to that it was not before: it must have come with the session.
        await using var back = await MosquittoSub.StartAsync(listener, "%t %q %p", "-c", "-i", clientId, "-V", version, "-q", "0", "-t", "nothing");
        return await back.TakeAsync(count);
    }
}
