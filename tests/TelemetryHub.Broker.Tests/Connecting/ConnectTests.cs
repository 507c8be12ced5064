using TelemetryHub.Broker.Operation;
using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Mqtt;
using static TelemetryHub.Mqtt.Properties.PropertyId;

namespace TelemetryHub.Broker.Tests.Connecting;

public class ConnectTests
{
    [Fact]
    public async Task A_client_without_an_id_is_given_one()
    {
        await using var broker = TestBroker.Start();
        var client = broker.Open();
        var id = (await client.ConnectAsync("", props: new() { { SessionExpiryInterval, 60 } })).String(AssignedClientIdentifier);
        id.ShouldNotBeNullOrEmpty();
        await broker.LeaveAsync(client);
        var again = broker.Open();
        var answer = await again.ConnectAsync(id, clean: false);
        answer.IsPresent.ShouldBeTrue();
        answer.String(AssignedClientIdentifier).ShouldBeNull();
        (await broker.Open().ConnectAsync("")).String(AssignedClientIdentifier).ShouldNotBe(id);
    }

    [Fact]
    public async Task In_mqtt_3_1_1_an_empty_id_needs_a_clean_session_and_in_3_1_there_is_none()
    {
        await using var broker = TestBroker.Start();
        var clean = broker.Open(MqttVersion.V311);
        clean.SendConnect("", clean: true);
        await clean.ExpectAsync("CONNACK");
        var kept = broker.Open(MqttVersion.V311);
        kept.SendConnect("", clean: false);
        await kept.ExpectAsync("CONNACK 0x85"); // return code 2
        await kept.ExpectClosedAsync();
        var older = broker.Open(MqttVersion.V31);
        older.SendConnect("", clean: true);
        await older.ExpectAsync("CONNACK 0x85");
    }

    [Fact]
    public async Task Response_information_is_given_to_who_asks()
    {
        await using var broker = TestBroker.Start();
        (await broker.Open().ConnectAsync("a", props: new() { { RequestResponseInformation, 1 } })).String(ResponseInformation).ShouldBe("response/a");
        (await broker.Open().ConnectAsync("b", props: new() { { RequestResponseInformation, 0 } })).String(ResponseInformation).ShouldBeNull();
        (await broker.Open().ConnectAsync("c")).String(ResponseInformation).ShouldBeNull();
    }

    [Theory]
    [InlineData(0, 20)]
    [InlineData(21, 20)]
    [InlineData(20, null)]
    [InlineData(5, null)]
    public async Task A_keep_alive_beyond_the_hubs_is_replaced_and_the_client_told(int asked, int? told)
    {
        await using var broker = TestBroker.Start(new() { MaxKeepAlive = TimeSpan.FromSeconds(20) });
        var client = broker.Open();
        (await client.ConnectAsync("a", keepAlive: asked)).Number(ServerKeepAlive).ShouldBe((uint?)told);
        broker.Time.AdvanceSeconds(31);
        await client.ExpectAsync("DISCONNECT 0x8D");
    }

    [Theory]
    [InlineData(MqttVersion.V31)]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_client_that_is_silent_for_one_and_a_half_keep_alives_is_closed(MqttVersion version)
    {
        await using var broker = TestBroker.Start();
        var client = broker.Open(version);
        await client.ConnectAsync("a", keepAlive: 10);
        await client.SubscribeAsync("t");
        var other = await broker.ConnectAsync("b");
        broker.Time.AdvanceSeconds(14.9);
        other.Publish("t", "still there");
        await client.ExpectAsync("PUBLISH t=still there q0");
        broker.Time.AdvanceSeconds(0.5);
        if (version == MqttVersion.V5)
            await client.ExpectAsync("DISCONNECT 0x8D");
        await client.ExpectClosedAsync();
        broker.Broker.Statistics.Ended(DisconnectCause.KeepAliveTimeout).ShouldBe(1);
    }

    [Fact]
    public async Task Any_packet_keeps_a_client_alive_and_zero_needs_none()
    {
        await using var broker = TestBroker.Start();
        var client = broker.Open();
        await client.ConnectAsync("a", keepAlive: 10);
        var quiet = broker.Open();
        await quiet.ConnectAsync("b", keepAlive: 0);
        for (var i = 0; i < 10; i++)
        {
            broker.Time.AdvanceSeconds(14);
            await client.PingAsync();
        }
        await quiet.PingAsync();
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_second_connect_ends_the_connection(MqttVersion version)
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a", version);
        client.SendConnect("a");
        if (version == MqttVersion.V5)
            await client.ExpectAsync("DISCONNECT 0x82");
        await client.ExpectClosedAsync();
        await broker.SettleAsync();
        broker.Broker.SessionCount.ShouldBe(0);
    }

    [Fact]
    public async Task Two_connects_in_one_segment_end_the_connection_too()
    {
        await using var broker = TestBroker.Start();
        var client = broker.Open();
        var connect = WireWriter.Connect(MqttVersion.V5, "a", true, 0, null, null, null, null);
        client.Send([.. connect, .. connect]);
        (await client.ReceiveAsync()).Type.ShouldBe(PacketType.ConnAck);
        await client.ExpectAsync("DISCONNECT 0x82");
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task Whatever_comes_before_connect_ends_the_connection_without_a_word()
    {
        await using var broker = TestBroker.Start();
        byte[][] packets =
        [
            WireWriter.Publish(MqttVersion.V311, "t", default, 1, 1, false, false, null),
            WireWriter.Subscribe(MqttVersion.V311, 1, null, ["t"]),
            [0xC0, 0x00],
            [0xE0, 0x00],
            [0x40, 0x02, 0x00, 0x01],
            [0xF0, 0x00],
            [0x00, 0x00],
            "GET / HTTP/1.1\r\n\r\n"u8.ToArray(),
        ];
        foreach (var packet in packets)
        {
            var client = broker.Open();
            client.Send(packet);
            await client.ExpectClosedAsync();
        }
        await broker.SettleAsync();
        broker.Broker.Statistics.Ended(DisconnectCause.ProtocolError).ShouldBe(packets.Length);
    }

    [Fact]
    public async Task Who_does_not_say_connect_in_time_is_closed()
    {
        await using var broker = TestBroker.Start(new() { ConnectTimeout = TimeSpan.FromSeconds(3) });
        var silent = broker.Open();
        var slow = broker.Open();
        slow.Send(0x10);
        await broker.SettleAsync();
        broker.Time.AdvanceSeconds(2.9);
        var late = broker.Open();
        await late.ConnectAsync("late");
        broker.Time.AdvanceSeconds(0.5);
        await silent.ExpectClosedAsync();
        await slow.ExpectClosedAsync();
        await late.PingAsync();
        broker.Broker.Statistics.Ended(DisconnectCause.ConnectTimeout).ShouldBe(2);
    }

    [Fact]
    public async Task An_unknown_version_is_told_so()
    {
        await using var broker = TestBroker.Start();
        var client = broker.Open(MqttVersion.V5);
        var connect = WireWriter.Connect(MqttVersion.V5, "a", true, 0, null, null, null, null);
        connect[8] = 6;
        client.Send(connect);
        await client.ExpectAsync("CONNACK 0x84");
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task Packets_cut_at_every_byte_are_read_all_the_same()
    {
        await using var broker = TestBroker.Start();
        var client = broker.Open();
        foreach (var part in WireWriter.Connect(MqttVersion.V5, "a", true, 0, null, null, null, null))
            client.Send(part);
        (await client.ReceiveAsync()).Reason.ShouldBe(ReasonCode.Success);
        await client.SubscribeAsync("t");
        foreach (var part in WireWriter.Publish(MqttVersion.V5, "t", new byte[300], 1, 1, false, false, null))
            client.Send(part);
        (await client.ReceiveAsync()).ToString().ShouldBe("PUBACK id=1");
        (await client.ReceiveAsync()).Payload.ShouldBe(new byte[300]);
    }
}
