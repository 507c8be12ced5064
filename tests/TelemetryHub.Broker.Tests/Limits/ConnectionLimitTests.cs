using Microsoft.Extensions.Logging;
using TelemetryHub.Broker.Operation;
using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Mqtt;
using static TelemetryHub.Mqtt.Properties.PropertyId;

namespace TelemetryHub.Broker.Tests.Limits;

public class ConnectionLimitTests
{
    [Fact]
    public async Task More_connections_than_allowed_are_closed_and_counted()
    {
        await using var broker = TestBroker.Start(new() { MaxConnections = 2 });
        var first = await broker.ConnectAsync("a");
        await broker.ConnectAsync("b");
        await broker.Open().ExpectClosedAsync();
        broker.Broker.Statistics.Ended(DisconnectCause.ConnectionLimit).ShouldBe(1);
        broker.Logger.At(LogLevel.Warning).ShouldHaveSingleItem().ShouldContain("2 already");
        await first.LeaveAsync();
        await broker.ConnectAsync("c");
    }

    [Theory]
    [InlineData(MqttVersion.V311, "CONNACK 0x88")] // return code 3
    [InlineData(MqttVersion.V5, "CONNACK 0x9F")]
    public async Task Faster_connections_than_allowed_are_refused_for_a_moment(MqttVersion version, string answer)
    {
        await using var broker = TestBroker.Start(new() { ConnectRate = 2 });
        await broker.ConnectAsync("a", version);
        await broker.ConnectAsync("b", version);
        var refused = broker.Open(version);
        refused.SendConnect("c");
        await refused.ExpectAsync(answer);
        await refused.ExpectClosedAsync();
        broker.Time.AdvanceSeconds(0.5);
        await broker.ConnectAsync("d", version);
        broker.Broker.Statistics.Ended(DisconnectCause.ConnectionLimit).ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_id_that_changes_hands_again_and_again_stays_with_its_holder_for_a_while(bool clean)
    {
        await using var broker = TestBroker.Start();
        Props kept = new() { { SessionExpiryInterval, 60 } };
        var holder = await broker.ConnectAsync("twin", clean: clean, props: kept);
        for (var i = 0; i < 5; i++)
        {
            var successor = await broker.ConnectAsync("twin", clean: clean, present: !clean, props: kept);
            await holder.ExpectAsync("DISCONNECT 0x8E");
            holder = successor;
        }
        var newcomer = broker.Open();
        (await newcomer.ConnectAsync("twin", clean)).ToString().ShouldBe("CONNACK 0x9F");
        await newcomer.ExpectClosedAsync();
        (await broker.Open().ConnectAsync("twin", clean)).ToString().ShouldBe("CONNACK 0x9F");
        await holder.PingAsync();
        var line = broker.Logger.At(LogLevel.Warning).ShouldHaveSingleItem();
        line.ShouldContain("twin");
        line.ShouldContain(holder.Socket.LocalEndPoint!.ToString()!);
        line.ShouldContain("127.0.0.1");

        broker.Time.AdvanceSeconds(10.1);
        await broker.ConnectAsync("twin", clean: clean, present: !clean);
        await holder.ExpectAsync("DISCONNECT 0x8E");
        await broker.SettleAsync();
        broker.Broker.Statistics.Ended(DisconnectCause.Flapping).ShouldBe(2);
    }

    [Fact]
    public async Task An_id_whose_holder_left_is_free_even_then()
    {
        await using var broker = TestBroker.Start();
        Props kept = new() { { SessionExpiryInterval, 60 } };
        var holder = await broker.ConnectAsync("twin", props: kept);
        for (var i = 0; i < 5; i++)
            holder = await broker.ConnectAsync("twin", clean: false, present: true, props: kept);
        (await broker.Open().ConnectAsync("twin", clean: false)).Reason.ShouldBe(ReasonCode.ConnectionRateExceeded);
        await broker.LeaveAsync(holder);
        await broker.ConnectAsync("twin", clean: false, present: true, props: kept);
    }

    [Fact]
    public async Task Taking_over_now_and_then_is_no_flapping()
    {
        await using var broker = TestBroker.Start();
        for (var i = 0; i < 20; i++)
        {
            await broker.ConnectAsync("a");
            broker.Time.AdvanceSeconds(3);
        }
    }
}
