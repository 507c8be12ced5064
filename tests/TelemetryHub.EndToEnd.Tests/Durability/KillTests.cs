using System.Diagnostics;
using System.Globalization;
using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Crowds;

namespace TelemetryHub.EndToEnd.Tests.Durability;

/// <summary>
/// kill -9, for real, with clients that we did not write. <c>HUB_KILL_ROUNDS</c> makes it longer, <c>HUB_KILL_SEED</c> repeats the
/// moments of a run.
/// </summary>
[Collection(AloneDefinition.Name)]
public sealed class KillTests
{
    private const int UsualRounds = 20;

    [Fact]
    public async Task Twenty_kills_lose_nothing_that_was_acknowledged_double_no_QoS_2_message_and_keep_the_order()
    {
        var rounds = Setting("HUB_KILL_ROUNDS") ?? UsualRounds;
        var seed = Setting("HUB_KILL_SEED") ?? Random.Shared.Next();
        Tell($"HUB_KILL_ROUNDS={rounds} HUB_KILL_SEED={seed}");
        var watch = Stopwatch.StartNew();

        await using var broker = await Restartable.StartAsync("Journal:SegmentBytes=1MiB"); // kills hit the change of segments, too
        var outages = new Outages(broker, new Random(seed));
        await using var scene = await KillScene.StartAsync(broker, seed);

        await scene.FlowAsync();
        try
        {
            for (var round = 0; round < rounds; round++) await KillAsync(round);
            if (rounds == 0) await scene.LoseDeviceAsync();
            var problems = await scene.FinishAsync(InterruptAsync);
            if (broker is RestartableHub hub) problems = [.. problems, .. await AuditAsync(hub, scene)];
            problems.Take(20).ShouldBeEmpty($"{problems.Count} in all");
        }
        finally
        {
            Tell($"{outages.Account}\n{watch.Elapsed.TotalSeconds:F1} s");
        }

        // Mosquitto publishes again what it has sent PUBREL for, when more than its limit is on the way as it stops.
        Task InterruptAsync() => rounds > 0 && broker.IsHub ? outages.StrikeAsync(KillMoment.UnderLoad) : Task.CompletedTask;

        async Task KillAsync(int round)
        {
            var moment = MomentOf(round);
            if (round == 0) await scene.LoseDeviceAsync();
            if (moment == KillMoment.WhileIdle) await scene.RestAsync();
            await outages.StrikeAsync(moment);
            if (round % 3 == 0) await scene.GlimpseAsync();
            await scene.FlowAsync();
        }
    }

    private static async Task<IEnumerable<string>> AuditAsync(RestartableHub hub, KillScene scene)
    {
        (await HubProgram.RunToolAsync("journal", "verify", $"--Hub:Data={hub.Data}")).ShouldSucceed();
        return JournalAudit.Problems(scene.Publications, await DumpedEvent.ReadAsync(hub.Data, $"{scene.Topic}/#"));
    }

    private static KillMoment MomentOf(int round) => (round % 5) switch
    {
        2 => KillMoment.WhileStarting,
        4 => KillMoment.WhileIdle,
        _ => KillMoment.UnderLoad,
    };

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? int.Parse(value, CultureInfo.InvariantCulture) : null;

    private static void Tell(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
