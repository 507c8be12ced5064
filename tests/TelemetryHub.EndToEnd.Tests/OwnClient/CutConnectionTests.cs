using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Client;
using TelemetryHub.Mqtt.Tests.Client;
using static TelemetryHub.Mqtt.Tests.Client.CuttingProxy;

namespace TelemetryHub.EndToEnd.Tests.OwnClient;

/// <summary>QoS 2 between our own client and the hub, cut at every step of the exchange, before and behind the packet.</summary>
public sealed class CutConnectionTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
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
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_publisher_that_is_cut_off_everywhere_publishes_everything_once(MqttVersion version)
    {
        var topic = Unique.Topic("cut");
        await using var proxy = new CuttingProxy(fixture.Broker.Mqtt.Port, AtEveryStepOf(publisher: true));
        await using var watcher = await Options(fixture.Broker.Mqtt.Port, version).ConnectAsync();
        await watcher.FollowAsync(topic, QoS.ExactlyOnce);
        await using var publisher = await Options(proxy.Port, version).ConnectAsync();

        var count = 0;
        while (proxy.CutsLeft > 0)
        {
            await Task.WhenAll(Enumerable.Range(count, 30).Select(number => publisher.SayAsync(topic, $"{number}", QoS.ExactlyOnce)));
            count += 30;
        }

        await publisher.SayAsync(topic, "end", QoS.ExactlyOnce);
        (await watcher.ReadUntilAsync("end")).ShouldBe(Enumerable.Range(0, count).Select(number => $"{number}"), ignoreOrder: true);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_subscriber_that_is_cut_off_everywhere_receives_everything_once(MqttVersion version)
    {
        fixture.SkipOnMosquitto("sends a PUBLISH again where it owes a PUBREL, when the connection is lost twice");
        var topic = Unique.Topic("cut");
        await using var proxy = new CuttingProxy(fixture.Broker.Mqtt.Port, AtEveryStepOf(publisher: false));
        await using var subscriber = await Options(proxy.Port, version).ConnectAsync();
        await subscriber.FollowAsync(topic, QoS.ExactlyOnce);
        await using var publisher = await Options(fixture.Broker.Mqtt.Port, version).ConnectAsync();

        var count = 0;
        while (proxy.CutsLeft > 0) await publisher.SayAsync(topic, $"{count++}", QoS.ExactlyOnce);
        await publisher.SayAsync(topic, "end", QoS.ExactlyOnce);

        (await subscriber.ReadUntilAsync("end")).ShouldBe(Enumerable.Range(0, count).Select(number => $"{number}"));
    }

    private static MqttClientOptions Options(int port, MqttVersion version) => ClientOptions.For(port) with
    {
        Version = version,
        ClientId = Unique.ClientId("cut"),
        CleanStart = false,
        SessionExpirySeconds = 600,
        Reconnect = new ReconnectPolicy { MinimumDelay = TimeSpan.FromMilliseconds(1), MaximumDelay = TimeSpan.FromMilliseconds(20) },
    };
}
