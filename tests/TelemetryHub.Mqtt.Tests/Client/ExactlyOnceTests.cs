using System.Text;
using TelemetryHub.Mqtt.Client;
using static TelemetryHub.Mqtt.Tests.Client.CuttingProxy;

namespace TelemetryHub.Mqtt.Tests.Client;

/// <summary>QoS 2 against a real broker, with the connection cut at every step of the exchange, before and behind the packet.</summary>
public sealed class ExactlyOnceTests
{
    public static TheoryData<MqttVersion> Versions => [MqttVersion.V311, MqttVersion.V5];

    private static Cut[] AtEveryStepOf(bool publisher) =>
    [
        new(PacketType.Publish, publisher, PassOn: false, Skip: 3),
        new(PacketType.Publish, publisher, PassOn: true, Skip: 2),
        new(PacketType.PubRec, !publisher, PassOn: false, Skip: 2),
        new(PacketType.PubRec, !publisher, PassOn: true, Skip: 1),
        new(PacketType.PubRel, publisher, PassOn: false, Skip: 2),
        new(PacketType.PubRel, publisher, PassOn: true, Skip: 1),
        new(PacketType.PubComp, !publisher, PassOn: false, Skip: 2),
        new(PacketType.PubComp, !publisher, PassOn: true, Skip: 1),
    ];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_publisher_that_is_cut_off_everywhere_publishes_everything_once(MqttVersion version)
    {
        await using var broker = await Mosquitto.StartAsync("max_queued_messages 0");
        await using var proxy = new CuttingProxy(broker.Port, AtEveryStepOf(publisher: true));
        await using var watcher = new MqttClient(Options(broker.Port, "watcher", version));
        await using var publisher = new MqttClient(Options(proxy.Port, "publisher", version));
        await watcher.ConnectAsync(Limits.Patience());
        await watcher.SubscribeAsync("x", QoS.ExactlyOnce).Soon();
        await publisher.ConnectAsync(Limits.Patience());

        var count = 0;
        while (proxy.CutsLeft > 0)
        {
            var publishes = Enumerable.Range(count, 30)
                .Select(i => publisher.PublishAsync("x", Encoding.ASCII.GetBytes($"{i}"), QoS.ExactlyOnce).AsTask());
            (await Task.WhenAll(publishes).Soon()).ShouldAllBe(result => result.IsSuccess);
            count += 30;
        }

        await publisher.PublishAsync("x", "end"u8.ToArray(), QoS.ExactlyOnce).Soon();
        (await ReadUntilEndAsync(watcher)).ShouldBe(Enumerable.Range(0, count).Select(i => $"{i}"), ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_subscriber_that_is_cut_off_everywhere_receives_everything_once(MqttVersion version)
    {
        // One in flight: where Mosquitto 2.0.11 owes several PUBRELs and loses the next connection, too, before it has sent them all, it sends
        // the PUBLISH of the others again. (A message in its state "resend_pubrel" goes back to "publish" at the next reconnect.)
        await using var broker = await Mosquitto.StartAsync("max_queued_messages 0\nmax_inflight_messages 1");
        await using var proxy = new CuttingProxy(broker.Port, AtEveryStepOf(publisher: false));
        await using var subscriber = new MqttClient(Options(proxy.Port, "subscriber", version));
        await using var publisher = new MqttClient(Options(broker.Port, "publisher", version));
        await subscriber.ConnectAsync(Limits.Patience());
        await subscriber.SubscribeAsync("x", QoS.ExactlyOnce).Soon();
        await publisher.ConnectAsync(Limits.Patience());

        var count = 0;
        while (proxy.CutsLeft > 0)
            await publisher.PublishAsync("x", Encoding.ASCII.GetBytes($"{count++}"), QoS.ExactlyOnce).Soon();
        await publisher.PublishAsync("x", "end"u8.ToArray(), QoS.ExactlyOnce).Soon();

        (await ReadUntilEndAsync(subscriber)).ShouldBe(Enumerable.Range(0, count).Select(i => $"{i}"));
    }

    private static MqttClientOptions Options(int port, string id, MqttVersion version) => new()
    {
        Host = "127.0.0.1",
        Port = port,
        Version = version,
        ClientId = id,
        CleanStart = false,
        SessionExpirySeconds = 600,
        Reconnect = new ReconnectPolicy { MinimumDelay = TimeSpan.FromMilliseconds(1), MaximumDelay = TimeSpan.FromMilliseconds(20) },
    };

    private static async Task<List<string>> ReadUntilEndAsync(MqttClient client)
    {
        var received = new List<string>();
        await foreach (var message in client.ReadAllAsync(Limits.Patience()))
        {
            var text = Encoding.ASCII.GetString(message.Payload.Span);
            if (text == "end")
                break;
            received.Add(text);
        }

        return received;
    }
}
