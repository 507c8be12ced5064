using TelemetryHub.EndToEnd.Tests.MosquittoClients;

namespace TelemetryHub.EndToEnd.Tests.Durability;

/// <summary>Brokers that go down and come back.</summary>
internal static class Restartable
{
    private static bool IsMosquitto => Environment.GetEnvironmentVariable("HUB_E2E_BROKER") == "mosquitto";

    /// <summary>The hub, unless the environment says otherwise; not started yet. <paramref name="hubSettings"/> are <c>Key=value</c>.</summary>
    public static IRestartable Create(params string[] hubSettings) =>
        IsMosquitto ? new RestartableMosquitto() : new RestartableHub(null, hubSettings);

    /// <summary>The same, ready for clients.</summary>
    public static async Task<IRestartable> StartAsync(params string[] hubSettings)
    {
        var broker = Create(hubSettings);
        await broker.StartAsync();
        return broker;
    }

    public static Task StartAsync(this IRestartable broker)
    {
        broker.Launch();
        return broker.ReadyAsync();
    }

    /// <summary>
    /// Lets what no client waits for get to disk: that a connection came or went, that a message arrived. The log is in order, so
    /// it is there when a later publish is acknowledged.
    /// </summary>
    public static Task SettleAsync(this IRestartable broker) => MosquittoPub.SendAsync(broker.Mqtt, "-t", "settle", "-m", "now", "-q", "1");

    public static Task EndAsync(this IRestartable broker, Ending ending) => ending == Ending.Stop ? broker.StopAsync() : broker.KillAsync();

    /// <summary>Takes it down and brings it back.</summary>
    public static async Task RestartAsync(this IRestartable broker, Ending ending)
    {
        await broker.EndAsync(ending);
        await broker.StartAsync();
    }
}
