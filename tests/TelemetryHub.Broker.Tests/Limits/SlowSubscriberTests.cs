using TelemetryHub.Broker.Operation;
using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Broker.Tests.Limits;

public class SlowSubscriberTests
{
    // The kernel's buffers between the hub and a client that does not read take some megabytes.
    private const int MoreThanTheKernelTakes = 16 << 20;
    private const int MessageBytes = 256 << 10;
    private const int Messages = MoreThanTheKernelTakes / MessageBytes;

    [Fact]
    public async Task Qos_0_is_dropped_for_a_subscriber_that_stops_reading_and_nobody_else_notices()
    {
        await using var broker = TestBroker.Start(new() { MaxQueuedMessages = 4 });
        var stuck = await broker.ConnectAsync("stuck");
        await stuck.SubscribeAsync("t");
        var reading = await broker.ConnectAsync("reading");
        await reading.SubscribeAsync("t");
        var publisher = await broker.ConnectAsync("p");
        for (var i = 0; i < Messages; i++)
        {
            await publisher.PublishAckedAsync("t", new string((char)('a' + (i % 26)), MessageBytes));
            (await reading.ReceiveAsync()).Payload[0].ShouldBe((byte)('a' + (i % 26)));
        }
        var dropped = broker.Broker.Statistics.Dropped(DropReason.SlowSubscriber);
        dropped.ShouldBeInRange(1, Messages - 5);

        // What was not dropped is all there, in order, and the subscriber goes on with what comes next.
        for (var i = 0; i < Messages - dropped; i++)
            (await stuck.ReceiveAsync()).Payload.Length.ShouldBe(MessageBytes);
        await publisher.PublishAckedAsync("t", "next");
        await stuck.ExpectAsync("PUBLISH t=next q0");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Qos_1_and_2_wait_up_to_the_limit_and_then_the_oldest_is_dropped(int qos)
    {
        await using var broker = TestBroker.Start(new() { MaxQueuedMessages = 4, MaxInflight = 2 });
        var slow = await broker.ConnectAsync("slow");
        await slow.SubscribeAsync(new Filter("t", qos));
        var reading = await broker.ConnectAsync("reading");
        await reading.SubscribeAsync("t");
        var publisher = await broker.ConnectAsync("p");
        for (var i = 1; i <= 9; i++)
        {
            publisher.Publish("t", $"{i}", qos, id: i);
            (await publisher.ReceiveAsync()).Reason.ShouldBe(ReasonCode.Success);
            await reading.ExpectAsync($"PUBLISH t={i} q0");
        }
        broker.Broker.Statistics.Dropped(DropReason.QueueFull).ShouldBe(3);
        await slow.ExpectAsync($"PUBLISH t=1 q{qos} id=1", $"PUBLISH t=2 q{qos} id=2");
        foreach (var id in new[] { 1, 2, 6, 7 })
        {
            slow.Ack(qos == 1 ? PacketType.PubAck : PacketType.PubRec, id);
            if (qos == 2)
            {
                await slow.ExpectAsync($"PUBREL id={id}");
                slow.Ack(PacketType.PubComp, id);
            }
            var next = id < 6 ? id + 5 : id + 2; // the ids of the dropped ones are left out
            await slow.ExpectAsync($"PUBLISH t={next} q{qos} id={next}");
        }
    }

    [Fact]
    public async Task The_limit_holds_in_bytes_too()
    {
        await using var broker = TestBroker.Start(new() { MaxQueuedBytes = 3_000, MaxInflight = 1 });
        var slow = await broker.ConnectAsync("slow");
        await slow.SubscribeAsync(new Filter("t", QoS: 1));
        var publisher = await broker.ConnectAsync("p");
        foreach (var letter in "abcd")
            await publisher.PublishAckedAsync("t", new string(letter, 1000));
        broker.Broker.Statistics.Dropped(DropReason.QueueFull).ShouldBe(1);
        (await slow.ReceiveAsync()).Text[0].ShouldBe('a');
        slow.Ack(PacketType.PubAck, 1);
        (await slow.ReceiveAsync()).Text[0].ShouldBe('c');
    }

    [Fact]
    public async Task The_limit_holds_for_a_client_that_is_away()
    {
        await using var broker = TestBroker.Start(new() { MaxQueuedMessages = 3 });
        var client = await broker.ConnectAsync("a", MqttVersion.V311, clean: false);
        await client.SubscribeAsync(new Filter("t", QoS: 1));
        await broker.LeaveAsync(client);
        var publisher = await broker.ConnectAsync("p");
        for (var i = 1; i <= 5; i++)
            await publisher.PublishAckedAsync("t", $"{i}");
        client = await broker.ConnectAsync("a", MqttVersion.V311, clean: false, present: true);
        await client.ExpectAsync("PUBLISH t=3 q1 id=3", "PUBLISH t=4 q1 id=4", "PUBLISH t=5 q1 id=5");
        broker.Broker.Statistics.Dropped(DropReason.QueueFull).ShouldBe(2);
    }

    [Fact]
    public async Task Who_takes_no_byte_for_too_long_is_cut()
    {
        await using var broker = TestBroker.Start(new() { StalledTimeout = TimeSpan.FromSeconds(30) });
        var stuck = await broker.ConnectAsync("stuck");
        await stuck.SubscribeAsync("t");
        var publisher = await broker.ConnectAsync("p");
        for (var i = 0; i < Messages; i++)
            await publisher.PublishAckedAsync("t", new string('x', MessageBytes));
        broker.Time.AdvanceSeconds(1);
        broker.Time.AdvanceSeconds(29);
        await broker.SettleAsync();
        broker.Broker.ConnectionCount.ShouldBe(2);
        broker.Time.AdvanceSeconds(2);
        await broker.SettleAsync();
        broker.Broker.ConnectionCount.ShouldBe(1);
        broker.Broker.Statistics.Ended(DisconnectCause.Stalled).ShouldBe(1);
        await publisher.PingAsync();
    }

    [Fact]
    public async Task Who_asks_without_reading_the_answers_is_held_back_and_gets_them_all_in_the_end()
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a", MqttVersion.V311);
        var pings = new byte[MoreThanTheKernelTakes];
        for (var i = 0; i < pings.Length; i += 2)
            pings[i] = 0xC0;
        var sent = Task.Run(() => client.Send(pings), TestContext.Current.CancellationToken);
        var other = await broker.ConnectAsync("b");
        for (var i = 0; i < 100; i++)
            await other.PingAsync();

        var answers = new byte[64 << 10];
        for (long received = 0; received < pings.Length;)
            received += await client.Socket.ReceiveAsync(answers, TestContext.Current.CancellationToken);
        await sent;
        broker.Broker.Statistics.PacketsReceived.ShouldBeGreaterThan(pings.Length / 2);
    }
}
