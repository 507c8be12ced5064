using TelemetryHub.Broker.Operation;
using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Broker.Tests.Operation;

public class SysTopicTests
{
    private static readonly string[] MosquittosNames =
    [
        "version", "uptime", "clients/total", "clients/active", "clients/connected", "clients/inactive", "clients/disconnected", "clients/maximum",
        "messages/received", "messages/sent", "messages/stored", "store/messages/count", "store/messages/bytes",
        "publish/messages/received", "publish/messages/sent", "publish/messages/dropped", "publish/bytes/received", "publish/bytes/sent",
        "bytes/received", "bytes/sent", "subscriptions/count", "shared_subscriptions/count", "retained messages/count", "heap/current",
    ];

    private static async Task<Dictionary<string, string>> ReadAsync(WireClient client)
    {
        await client.AskSubscribeAsync(1, null, "$SYS/broker/#");
        var values = new Dictionary<string, string>();
        for (var i = 0; i < MosquittosNames.Length; i++)
        {
            var packet = await client.ReceiveAsync();
            values[packet.Topic["$SYS/broker/".Length..]] = packet.Text;
        }
        return values;
    }

    [Fact]
    public async Task The_hubs_state_is_retained_under_mosquittos_names()
    {
        await using var broker = TestBroker.Start(new() { SysInterval = TimeSpan.FromSeconds(10) });
        await broker.ConnectAsync("idle");
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("t", "u");
        client.Publish("t", "hello");
        await client.ExpectAsync("PUBLISH t=hello q0");
        await client.PublishAckedAsync("kept", "12345", retain: true);
        broker.Time.AdvanceSeconds(60);
        var values = await ReadAsync(client);
        values.Keys.ShouldBe(MosquittosNames, ignoreOrder: true);
        values["version"].ShouldStartWith("TelemetryHub version ");
        values["uptime"].ShouldBe("60 seconds");
        values["clients/connected"].ShouldBe("2");
        values["clients/maximum"].ShouldBe("2");
        values["publish/messages/received"].ShouldBe("2");
        values["publish/messages/sent"].ShouldBe("1");
        values["publish/bytes/received"].ShouldBe("10");
        values["publish/bytes/sent"].ShouldBe("5");
        values["subscriptions/count"].ShouldBe("2");
    }

    [Fact]
    public async Task What_clients_send_and_get_is_counted_to_the_byte()
    {
        await using var broker = TestBroker.Start();
        var client = broker.Open(MqttVersion.V311);
        client.SendConnect("a"); // 15 bytes
        await client.ExpectAsync("CONNACK"); // 4
        await client.SubscribeAsync(new Filter("t", QoS: 2)); // 8, 5
        client.Publish("t", "hello", qos: 2, id: 1); // 12
        await client.ExpectInAnyOrderAsync("PUBREC id=1", "PUBLISH t=hello q2 id=1"); // 4, 12
        client.Ack(PacketType.PubRec, 1); // 4
        await client.ExpectAsync("PUBREL id=1"); // 4
        client.Ack(PacketType.PubComp, 1); // 4
        await client.PingAsync(); // 2, 2
        var statistics = broker.Broker.Statistics;
        statistics.BytesReceived.ShouldBe(15 + 8 + 12 + 4 + 4 + 2);
        statistics.PacketsReceived.ShouldBe(6);
        statistics.BytesSent.ShouldBe(4 + 5 + 4 + 12 + 4 + 2);
        statistics.PacketsSent.ShouldBe(6);
        statistics.PublishesSent.ShouldBe(1);
        statistics.PublishBytesSent.ShouldBe(5);
    }

    [Fact]
    public async Task A_value_that_did_not_change_is_not_published_again()
    {
        await using var broker = TestBroker.Start(new() { SysInterval = TimeSpan.FromSeconds(10) });
        var client = await broker.ConnectAsync("a");
        broker.Time.AdvanceSeconds(10);
        await client.SubscribeAsync(new Filter("$SYS/broker/clients/connected", RetainHandling: 2), new Filter("$SYS/broker/uptime", RetainHandling: 2));
        broker.Time.AdvanceSeconds(10);
        (await client.ReceiveAsync()).Topic.ShouldBe("$SYS/broker/uptime");
        await client.ExpectNothingAsync();
        await broker.ConnectAsync("b");
        broker.Time.AdvanceSeconds(10);
        await client.ExpectInAnyOrderAsync("PUBLISH $SYS/broker/clients/connected=2 q0", "PUBLISH $SYS/broker/uptime=30 seconds q0");
    }

    [Fact]
    public async Task The_topics_are_the_hubs_own()
    {
        await using var broker = TestBroker.Start();
        var watcher = await broker.ConnectAsync("watcher");
        await watcher.SubscribeAsync("$SYS/#", "$SYSTEM");
        var five = await broker.ConnectAsync("five");
        five.Publish("$SYS/broker/version", "forged", qos: 1, id: 1);
        five.Publish("$SYS/x", "forged", qos: 2, id: 2);
        five.Publish("$SYS/x", "forged");
        await five.ExpectAsync("PUBACK id=1 0x90", "PUBREC id=2 0x90");
        var three = await broker.ConnectAsync("three", MqttVersion.V311);
        three.Publish("$SYS/x", "forged", qos: 1, id: 1);
        three.Publish("$SYS/x", "forged", qos: 2, id: 2);
        await three.ExpectAsync("PUBACK id=1", "PUBREC id=2");
        await watcher.ExpectNothingAsync();
        broker.Broker.Statistics.Dropped(DropReason.ReservedTopic).ShouldBe(5);
        five.Publish("$SYSTEM", "free");
        await watcher.ExpectAsync("PUBLISH $SYSTEM=free q0");
    }
}
