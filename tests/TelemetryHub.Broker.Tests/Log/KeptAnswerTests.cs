using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Mqtt;
using static TelemetryHub.Mqtt.Properties.PropertyId;

namespace TelemetryHub.Broker.Tests.Log;

public class KeptAnswerTests
{
    private static readonly Props Kept = new() { { SessionExpiryInterval, 600 } };

    [Fact]
    public async Task A_session_that_ends_with_its_connection_tells_the_log_nothing_and_waits_for_nothing()
    {
        var log = new KeepingLog { KeepsLater = true };
        await using var broker = TestBroker.Start(log: log);
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync(new Filter("t", QoS: 2));
        client.Publish("t", "1", qos: 2, id: 1);
        await client.ExpectAsync("PUBLISH t=1 q2 id=1");
        client.Ack(PacketType.PubRec, 1);
        await client.ExpectAsync("PUBREL id=1");
        client.Ack(PacketType.PubComp, 1);
        (await client.UnsubscribeAsync(2, "t")).ToString().ShouldBe("UNSUBACK id=2 00");
        await broker.LeaveAsync(client);
        log.RecordCount.ShouldBe(0);
    }

    [Fact]
    public async Task A_subscription_is_acknowledged_when_it_is_kept_with_the_retained_messages_that_it_brings()
    {
        var log = new KeepingLog { KeepsLater = true };
        await using var broker = TestBroker.Start(log: log);
        var publisher = await broker.ConnectAsync("p");
        publisher.Publish("t", "r", retain: true);
        await publisher.PingAsync();
        var client = await broker.ConnectAsync("a", props: Kept);
        client.Send(WireWriter.Subscribe(MqttVersion.V5, 1, null, [new Filter("t", QoS: 1), "bad/#/filter"]));
        client.Send(WireWriter.Unsubscribe(MqttVersion.V5, 2, ["t"]));
        client.Send(WireWriter.Subscribe(MqttVersion.V5, 3, null, ["other"]));
        await client.ExpectAsync("PUBLISH t=r q0 retain");
        await client.ExpectNothingAsync();
        log.Keep();
        await client.ExpectAsync("SUBACK id=1 01 8F", "UNSUBACK id=2 00", "SUBACK id=3 00");
    }

    [Fact]
    public async Task Pubcomp_leaves_when_it_is_kept_that_the_id_is_free_also_for_a_client_that_asks_again()
    {
        var log = new KeepingLog { KeepsLater = true };
        await using var broker = TestBroker.Start(log: log);
        var client = await broker.ConnectAsync("a", props: Kept);
        client.Publish("t", "1", qos: 2, id: 7);
        await client.ExpectNothingAsync();
        log.Keep();
        await client.ExpectAsync("PUBREC id=7 0x10");
        client.Ack(PacketType.PubRel, 7);
        await client.ExpectNothingAsync();
        client = await broker.ConnectAsync("a", clean: false, present: true, props: Kept);
        client.Ack(PacketType.PubRel, 7);
        await client.ExpectNothingAsync();
        log.Keep();
        await client.ExpectAsync("PUBCOMP id=7");
    }

    [Fact]
    public async Task A_publish_with_qos_2_and_its_pubrel_leave_when_their_steps_are_kept()
    {
        var log = new KeepingLog { KeepsLater = true };
        await using var broker = TestBroker.Start(log: log);
        var client = await broker.ConnectAsync("a", props: Kept);
        client.Send(WireWriter.Subscribe(MqttVersion.V5, 1, null, [new Filter("t", QoS: 2)]));
        await client.PingAsync();
        log.Keep();
        await client.ExpectAsync("SUBACK id=1 02");
        var publisher = await broker.ConnectAsync("p");
        publisher.Publish("t", "1", qos: 2, id: 1);
        publisher.Publish("t", "2", qos: 1, id: 2);
        publisher.Publish("t", "3", qos: 2, id: 3);
        await publisher.PingAsync();
        await client.ExpectNothingAsync();
        log.Keep();
        await client.ExpectAsync("PUBLISH t=1 q2 id=1", "PUBLISH t=2 q1 id=2", "PUBLISH t=3 q2 id=3");
        client.Ack(PacketType.PubRec, 1);
        await client.ExpectNothingAsync();
        client = await broker.ConnectAsync("a", clean: false, present: true, props: Kept);
        await client.ExpectNothingAsync();
        log.Keep();
        await client.ExpectAsync("PUBREL id=1", "PUBLISH t=2 q1 id=2 dup", "PUBLISH t=3 q2 id=3 dup");
    }

    [Fact]
    public async Task A_publish_with_qos_1_waits_for_nothing()
    {
        var log = new KeepingLog { KeepsLater = true };
        await using var broker = TestBroker.Start(log: log);
        var client = await broker.ConnectAsync("a", props: Kept);
        client.Send(WireWriter.Subscribe(MqttVersion.V5, 1, null, [new Filter("t", QoS: 2)]));
        client.Publish("t", "1", qos: 1, id: 1);
        await client.ExpectAsync("PUBLISH t=1 q1 id=1");
        log.Keep();
        await client.ExpectAsync("SUBACK id=1 02", "PUBACK id=1");
    }

    [Fact]
    public async Task The_id_of_a_publish_that_could_not_be_kept_is_free_after_a_crash_too()
    {
        var log = new KeepingLog { KeepsLater = true };
        await using var before = TestBroker.Start(log: log);
        var client = await before.ConnectAsync("a", props: Kept);
        client.Publish("t", "1", qos: 2, id: 1);
        await client.PingAsync();
        log.RefuseEvents(); // and yet it is found on the disk
        await client.ExpectAsync("PUBREC id=1 0x97");
        log.Keep();
        await using var after = TestBroker.StartAfter(before);
        client = await after.ConnectAsync("a", clean: false, present: true, props: Kept);
        client.Publish("t", "2", qos: 2, id: 1);
        await client.ExpectAsync("PUBREC id=1 0x10");
        after.Log.Next.ShouldBe(1003);
    }

    [Fact]
    public async Task Who_makes_too_many_answers_wait_is_not_read_until_they_are_kept()
    {
        const int Count = 40_000;
        var log = new KeepingLog { KeepsLater = true };
        await using var broker = TestBroker.Start(log: log);
        var client = await broker.ConnectAsync("a", props: Kept);
        client.Send([.. Enumerable.Range(1, Count).SelectMany(id => WireWriter.Subscribe(MqttVersion.V5, id, null, ["t"]))]);
        await broker.SettleAsync();
        log.RecordCount.ShouldBeLessThan(20_000); // ten thousand, and what had been read by then
        log.Keep();
        (await client.ReceiveAsync()).PacketId.ShouldBe((ushort)1);
        log.Keep(andLater: true);
        for (var id = 2; id <= Count; id++)
            (await client.ReceiveAsync()).PacketId.ShouldBe((ushort)id);
    }

    [Theory]
    [InlineData(MqttVersion.V5)]
    [InlineData(MqttVersion.V311)]
    public async Task What_finds_no_room_while_the_disk_fails_is_not_acknowledged_but_disconnected(MqttVersion version)
    {
        var log = new KeepingLog { KeepsLater = true };
        await using var broker = TestBroker.Start(log: log);
        var client = await broker.ConnectAsync("a", version, clean: false, props: version == MqttVersion.V5 ? Kept : null);
        client.Send(WireWriter.Subscribe(version, 1, null, ["first"]));
        await client.ExpectNothingAsync();
        log.RefusesRecords = true;
        client.Send(WireWriter.Subscribe(version, 2, null, ["second"]));
        await client.ExpectNothingAsync();
        log.Keep();
        await client.ExpectAsync(version == MqttVersion.V5 ? ["SUBACK id=1 00", "DISCONNECT 0x97"] : ["SUBACK id=1 00"]);
        await client.ExpectClosedAsync();
    }
}
