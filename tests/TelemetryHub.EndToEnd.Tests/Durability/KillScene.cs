using System.Globalization;
using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.MosquittoClients;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.Durability;

/// <summary>
/// The clients that live through the kills: publishers (paho, MQTT 3.1.1 and 5), a subscriber that is there all the time, one that is
/// away and collects everything in the end, fresh ones that ask for retained values, and devices with wills.
/// </summary>
internal sealed class KillScene : IAsyncDisposable
{
    private const int PublisherCount = 4;
    private const int StreamCount = PublisherCount * 2;

    private readonly TemporaryDirectory records = new();
    private readonly List<RetainedGlimpse> glimpses = [];
    private readonly List<string> problems = [];
    private readonly Listener listener;
    private readonly string run = Unique.ClientId("kill");
    private OrderedScript? publishers;
    private OrderedScript? present;

    private readonly bool isHub;
    private KilledDevices? devices;

    private KillScene(IRestartable broker)
    {
        listener = broker.Mqtt;
        isHub = broker.IsHub;
    }

    private OrderedScript PublishersScript => publishers ?? throw new InvalidOperationException("The publishers have not been started.");

    private OrderedScript PresentSubscriber => present ?? throw new InvalidOperationException("The subscriber has not been started.");

    private KilledDevices Devices => devices ?? throw new InvalidOperationException("The devices have not been started.");

    /// <summary>All topics begin with it.</summary>
    public string Topic => $"kill/{run}";

    /// <summary>All that was published, once that is finished.</summary>
    public IReadOnlyList<Publication> Publications { get; private set; } = [];

    /// <summary>All are connected, the absent one has gone again.</summary>
    public static async Task<KillScene> StartAsync(IRestartable broker, int seed)
    {
        var scene = new KillScene(broker);
        try
        {
            await using var absent = await scene.StartSubscriberAsync("absent", "--version", "4", "--subscribe");
            await absent.TellAsync("ready");
            await absent.EndAsync("leave");

            scene.present = await scene.StartSubscriberAsync("present", "--version", "5", "--subscribe");
            await scene.present.TellAsync("ready");
            scene.publishers = await scene.StartAsync("paho_outage_publishers.py", "publishers",
                "--publishers", $"{PublisherCount}", "--seed", seed.ToString(CultureInfo.InvariantCulture));
            scene.devices = await KilledDevices.StartAsync(broker.Mqtt, $"{scene.Topic}/will");
            return scene;
        }
        catch (Exception)
        {
            await scene.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns when every stream flows, also into a retained topic, and messages come out.</summary>
    public async Task FlowAsync()
    {
        await PublishersScript.TellAsync("busy");
        await PresentSubscriber.TellAsync("flow");
    }

    /// <summary>A device is gone, just before the broker is killed.</summary>
    public Task LoseDeviceAsync() => Devices.VanishAsync();

    /// <summary>Returns when everything is acknowledged.</summary>
    public Task RestAsync() => PublishersScript.TellAsync("idle");

    /// <summary>Has a look at the retained values; some must have been acknowledged by now.</summary>
    public async Task GlimpseAsync() => glimpses.Add(await RetainedGlimpse.TakeAsync(listener, $"{Topic}/+/+/state", StreamCount));

    /// <summary>
    /// Lets everybody finish, the absent one too, with an <paramref name="interruption"/> while it collects. What was wrong, in words.
    /// </summary>
    public async Task<IReadOnlyList<string>> FinishAsync(Func<Task> interruption)
    {
        await RestAsync(); // the will is not due before its client had some time to come back after the last start
        await PresentSubscriber.TellAsync($"seen {Devices.VanishedTopic}");
        await Devices.LeaveAsync();
        var published = await PublishersScript.EndAsync("finish");
        await MosquittoPub.SendAsync(listener, "-t", $"{Topic}/end", "-m", "end", "-q", "2");

        await using var returned = await StartSubscriberAsync("absent", "--version", "4");
        await returned.TellAsync("flow");
        await interruption();
        var collected = await returned.EndAsync("finish");
        var followed = await PresentSubscriber.EndAsync("finish");

        await GlimpseAsync();
        Publications = [.. Publication.Read(published)];
        Compare(followed, collected);
        ExpectSessions("the publishers", published, fresh: PublisherCount);
        ExpectSessions("the present subscriber", followed, fresh: 1);
        ExpectSessions("the absent subscriber", collected, fresh: 0);
        return problems;
    }

    public async ValueTask DisposeAsync()
    {
        if (publishers is not null) await publishers.DisposeAsync();
        if (present is not null) await present.DisposeAsync();
        if (devices is not null) await devices.DisposeAsync();
        records.Dispose();
    }

    private void Compare(IReadOnlyList<string> followed, IReadOnlyList<string> collected)
    {
        foreach (var (who, lines) in new[] { ("present", followed), ("absent", collected) })
        {
            var arrivals = Arrival.Read(lines).ToArray();
            var audit = StreamAudit.Of(Publications, arrivals);
            problems.AddRange(audit.Problems.Select(problem => $"{who}: {problem}"));
            ExpectWill(who, Devices.VanishedTopic, 1, arrivals);
            ExpectWill(who, Devices.StayedTopic, 0, arrivals);
            Tell($"{who}: {Publications.Count} messages, {audit.Repeats} repeats with QoS 1");
        }

        problems.AddRange(glimpses.SelectMany(glimpse => glimpse.Problems(Publications)));
    }

    private void ExpectWill(string who, string topic, int count, Arrival[] arrivals)
    {
        if (!isHub) return; // Mosquitto publishes wills as it stops
        var came = arrivals.Where(arrival => arrival.Topic == topic).ToArray();
        if (came.Length != count)
            problems.Add($"{who}: {came.Length} wills instead of {count}: {string.Join(", ", came.Select(arrival => $"{arrival}"))}");
    }

    // The first connections found no session, all others did.
    private void ExpectSessions(string who, IReadOnlyList<string> lines, int fresh)
    {
        var connections = lines.Select(line => line.Split(' ')).Where(words => words[0] == "connected").ToArray();
        Tell($"{who}: {connections.Length} connections");
        var lost = connections.Where(words => words[2] == "0").ToArray();
        if (lost.Length != fresh)
            problems.Add($"{who} found no session {lost.Length} times instead of {fresh}: at {string.Join(", ", lost.Select(words => words[1]))}");
    }

    private Task<OrderedScript> StartSubscriberAsync(string name, params string[] arguments) =>
        StartAsync("paho_outage_subscriber.py", name, ["--name", name, .. arguments]);

    private Task<OrderedScript> StartAsync(string script, string record, params string[] arguments) => OrderedScript.StartAsync(
        script, records[record], ["--host", Listener.Host, "--port", $"{listener.Port}", "--run", run, "--topic", Topic, .. arguments]);

    private static void Tell(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
