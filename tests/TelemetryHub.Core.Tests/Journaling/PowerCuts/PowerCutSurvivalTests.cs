using TelemetryHub.Core.Tests.Journaling.Disks;

namespace TelemetryHub.Core.Tests.Journaling.PowerCuts;

/// <summary>The power goes, or the process, after every single operation of busy histories: nothing that was promised is lost.</summary>
public sealed class PowerCutSurvivalTests
{
    private const int Histories = 8;

    [Fact]
    public Task What_was_acknowledged_survives_a_power_cut_at_any_moment() => ForEachHistory(async (history, seed, path) =>
    {
        for (var cut = 0; cut <= history.Disk.Position; cut++)
            await new CutJournal(history, path, seed, cut).SurvivesPowerCutAsync();
    });

    [Fact]
    public Task What_was_written_survives_a_kill_at_any_moment() => ForEachHistory(async (history, seed, path) =>
    {
        for (var cut = 0; cut <= history.Disk.Position; cut += 2)
            await new CutJournal(history, path, seed, cut).SurvivesKillAsync();
    });

    private static Task ForEachHistory(Func<BusyHistory, int, string, Task> check) =>
        Parallel.ForEachAsync(Enumerable.Range(1, Histories), TestContext.Current.CancellationToken, async (seed, _) =>
        {
            using var folder = new TemporaryFolder(); // the lock alone is a file of the machine
            using var history = new BusyHistory(seed, folder.Path);
            await history.RunAsync();
            await check(history, seed, folder.Path);
        });
}
