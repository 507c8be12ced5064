using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.MosquittoClients;

namespace TelemetryHub.EndToEnd.Tests.Durability;

/// <summary>
/// Two devices with wills: one vanishes just before the broker does, so its will is due some time after the broker is back; the other
/// always returns to its session in time and says goodbye in the end, so its will is never due.
/// </summary>
internal sealed class KilledDevices : IAsyncDisposable
{
    private readonly Listener listener;
    private readonly string topic;
    private readonly MosquittoSub vanishing;
    private readonly MosquittoSub staying;

    private KilledDevices(Listener listener, string topic, MosquittoSub vanishing, MosquittoSub staying)
    {
        this.listener = listener;
        this.topic = topic;
        this.vanishing = vanishing;
        this.staying = staying;
    }

    /// <summary>Where the will of the one that vanishes appears.</summary>
    public string VanishedTopic => $"{topic}/vanished";

    /// <summary>Where no will may appear.</summary>
    public string StayedTopic => $"{topic}/stayed";

    /// <summary>Connects them; the topics of their wills begin with <paramref name="topic"/>.</summary>
    public static async Task<KilledDevices> StartAsync(Listener listener, string topic)
    {
        var vanishing = await DeviceAsync(listener, topic, "vanished", willDelay: 2);
        var staying = await DeviceAsync(listener, topic, "stayed", willDelay: 50);
        return new KilledDevices(listener, topic, vanishing, staying);
    }

    /// <summary>One of them is gone without a word.</summary>
    public Task VanishAsync() => vanishing.KillAsync();

    /// <summary>The other says goodbye.</summary>
    public async Task LeaveAsync()
    {
        await MosquittoPub.SendAsync(listener, "-t", CommandTopic(topic), "-q", "1", "-m", "leave");
        await staying.EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await vanishing.DisposeAsync();
        await staying.DisposeAsync();
    }

    private static string CommandTopic(string topic) => $"commands/{topic}";

    // It ends with the first command (-C 1).
    private static Task<MosquittoSub> DeviceAsync(Listener listener, string topic, string name, int willDelay) =>
        MosquittoSub.StartAsync(listener, "%p",
            "-V", "mqttv5", "-c", "-x", "60", "-i", $"{topic}/{name}", "-t", CommandTopic(topic), "-q", "1", "-C", "1",
            "--will-topic", $"{topic}/{name}", "--will-payload", "lost", "--will-qos", "2", "-D", "will", "will-delay-interval", $"{willDelay}");
}
