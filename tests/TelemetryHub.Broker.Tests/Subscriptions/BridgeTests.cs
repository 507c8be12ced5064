using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Broker.Tests.Subscriptions;

public class BridgeTests
{
    private const int LevelAt = 8;
    private const byte BridgeBit = 0x80;

    private static async Task<WireClient> ConnectBridgeAsync(TestBroker broker)
    {
        var bridge = broker.Open(MqttVersion.V311);
        var connect = WireWriter.Connect(MqttVersion.V311, "bridge", true, 0, null, null, null, null);
        connect[LevelAt] |= BridgeBit;
        bridge.Send(connect);
        await bridge.ExpectAsync("CONNACK");
        return bridge;
    }

    [Fact]
    public async Task A_bridge_does_not_get_its_own_messages_back_and_sees_what_is_retained()
    {
        await using var broker = TestBroker.Start();
        var bridge = await ConnectBridgeAsync(broker);
        await bridge.SubscribeAsync("#");
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("t");
        bridge.Publish("t", "from the bridge", retain: true);
        await client.ExpectAsync("PUBLISH t=from the bridge q0");
        await client.PublishAckedAsync("u", "to the bridge", retain: true);
        await client.PublishAckedAsync("u", "passing");
        await bridge.ExpectAsync("PUBLISH u=to the bridge q0 retain", "PUBLISH u=passing q0");
        await bridge.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_bridge_may_say_under_sys_whether_it_is_connected()
    {
        await using var broker = TestBroker.Start();
        var bridge = await ConnectBridgeAsync(broker);
        bridge.Publish("$SYS/broker/connection/bridge/state", "1", qos: 1, id: 1, retain: true);
        await bridge.ExpectAsync("PUBACK id=1");
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("$SYS/broker/connection/#");
        await client.ExpectAsync("PUBLISH $SYS/broker/connection/bridge/state=1 q0 retain");
    }
}
