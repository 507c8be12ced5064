namespace TelemetryHub.EndToEnd.Tests.Durability;

/// <summary>Kills a broker at random moments and starts it again.</summary>
internal sealed class Outages(IRestartable broker, Random random)
{
    private static readonly TimeSpan LongestLoad = TimeSpan.FromSeconds(0.8);
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(0.8);

    private readonly List<string> kills = [];

    /// <summary>The kills so far, with their times, for the message of a test that failed.</summary>
    public string Account => string.Join("\n", kills);

    /// <summary>Kills it at such a moment; returns when it is ready again.</summary>
    public async Task StrikeAsync(KillMoment moment)
    {
        if (moment != KillMoment.WhileIdle) await LaterAsync(LongestLoad);
        await KillAsync(moment == KillMoment.WhileIdle ? moment : KillMoment.UnderLoad);
        broker.Launch();
        if (moment == KillMoment.WhileStarting)
        {
            await LaterAsync(LongestStart);
            await KillAsync(moment);
            broker.Launch();
        }

        await broker.ReadyAsync();
    }

    // The moment has to be random in time, not at an event: no condition to wait for.
    private Task LaterAsync(TimeSpan atMost) => Task.Delay(atMost * random.NextDouble(), TestContext.Current.CancellationToken);

    private async Task KillAsync(KillMoment moment)
    {
        kills.Add($"killed at {Clock.Now.TotalSeconds:F3} {moment}");
        await broker.KillAsync();
    }
}
