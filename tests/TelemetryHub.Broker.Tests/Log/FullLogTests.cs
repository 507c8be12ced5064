using TelemetryHub.Broker.Operation;
using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Core.Log;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Broker.Tests.Log;

public class FullLogTests
{
    [Fact]
    public async Task While_the_log_is_full_a_publisher_is_not_read_and_everybody_else_is_served()
    {
        var log = new HeldLog();
        await using var broker = TestBroker.Start(log: log);
        var subscriber = await broker.ConnectAsync("s");
        await subscriber.SubscribeAsync("t");
        var publisher = await broker.ConnectAsync("p");
        log.Fill();
        for (var i = 1; i <= 5; i++)
            publisher.Publish("t", $"{i}", qos: i % 3, id: i);
        publisher.Send(0xC0, 0);
        await subscriber.ExpectNothingAsync();
        broker.Broker.Statistics.PublishesReceived.ShouldBe(0);
        log.MakeSpace();
        await publisher.ExpectAsync("PUBACK id=1", "PUBREC id=2", "PUBACK id=4", "PUBREC id=5", "PINGRESP");
        for (var i = 1; i <= 5; i++)
            await subscriber.ExpectAsync($"PUBLISH t={i} q0");
    }

    [Fact]
    public async Task A_publisher_that_is_held_back_is_not_taken_for_silent_and_one_that_leaves_loses_nothing()
    {
        var log = new HeldLog();
        await using var broker = TestBroker.Start(log: log);
        var subscriber = await broker.ConnectAsync("s");
        await subscriber.SubscribeAsync("t");
        var publisher = broker.Open();
        await publisher.ConnectAsync("p", keepAlive: 5);
        log.Fill();
        publisher.Publish("t", "1");
        publisher.Publish("t", "2");
        publisher.Disconnect();
        publisher.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        await broker.SettleAsync();
        broker.Time.AdvanceSeconds(60);
        await broker.SettleAsync();
        broker.Broker.ConnectionCount.ShouldBe(2);
        log.MakeSpace();
        await subscriber.ExpectAsync("PUBLISH t=1 q0", "PUBLISH t=2 q0");
        await publisher.ExpectClosedAsync();
        await broker.SettleAsync();
        broker.Broker.Statistics.Ended(DisconnectCause.KeepAliveTimeout).ShouldBe(0);
    }

    [Fact]
    public async Task A_will_waits_for_space_too()
    {
        var log = new HeldLog();
        await using var broker = TestBroker.Start(log: log);
        var subscriber = await broker.ConnectAsync("s");
        await subscriber.SubscribeAsync("will/#");
        var first = await broker.ConnectAsync("a", will: new("will/a", "gone"));
        var second = await broker.ConnectAsync("b", will: new("will/b", "gone"));
        log.Fill();
        await broker.VanishAsync(first);
        await broker.VanishAsync(second);
        await subscriber.ExpectNothingAsync();
        log.MakeSpace();
        await subscriber.ExpectAsync("PUBLISH will/a=gone q0", "PUBLISH will/b=gone q0");
    }

    [Fact]
    public async Task A_flood_through_a_tail_of_sixteen_events_arrives_complete()
    {
        const int Count = 5000;
        await using var broker = TestBroker.Start(log: new Tail(new TailOptions { MaxEvents = 16 }));
        var subscriber = await broker.ConnectAsync("s", MqttVersion.V311);
        await subscriber.SubscribeAsync("t");
        var publisher = await broker.ConnectAsync("p", MqttVersion.V311);
        publisher.Send([.. Enumerable.Range(0, Count).SelectMany(Numbered)]);
        for (var i = 0; i < Count; i++)
            BitConverter.ToInt32((await subscriber.ReceiveAsync()).Payload).ShouldBe(i);

        static byte[] Numbered(int i) => WireWriter.Publish(MqttVersion.V311, "t", BitConverter.GetBytes(i), 0, 0, false, false, null);
    }
}
