using TelemetryHub.Broker.Operation;
using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Broker.Tests.Connecting;

public class BadInputTests
{
    [Fact]
    public async Task A_thousand_half_open_connections_do_not_keep_a_real_one_out()
    {
        const int HalfOpen = 1000;
        await using var broker = TestBroker.Start();
        for (var i = 0; i < HalfOpen; i++)
        {
            var client = broker.Open();
            if (i % 2 == 0)
                client.Send(0x10, 0x7F, 0x00);
        }
        var real = await broker.ConnectAsync("real");
        await real.PingAsync();
        broker.Broker.ConnectionCount.ShouldBe(HalfOpen + 1);
        broker.Time.AdvanceSeconds(10.5);
        await broker.SettleAsync();
        broker.Broker.ConnectionCount.ShouldBe(1);
        broker.Broker.Statistics.Ended(DisconnectCause.ConnectTimeout).ShouldBe(HalfOpen);
        await real.PingAsync();
    }

    [Fact]
    public async Task A_length_that_is_only_announced_costs_nothing_and_ends_with_its_connection()
    {
        await using var broker = TestBroker.Start(new() { MaxPacketBytes = 100 << 20 });
        var client = await broker.ConnectAsync("a");
        client.Send(0x30, 0xFF, 0xFF, 0xFF, 0x2F); // a PUBLISH of 100 MB
        client.Send(new byte[1000]);
        var other = await broker.ConnectAsync("b");
        await other.PingAsync();
        await broker.VanishAsync(client);
        broker.Broker.ConnectionCount.ShouldBe(1);
    }

    [Fact]
    public async Task A_fault_in_the_hub_costs_the_connection_that_met_it_and_is_reported()
    {
        var broker = TestBroker.Start();
        broker.Access.Publish = (_, topic) => topic == "bug" ? throw new InvalidOperationException("a bug") : true;
        var unlucky = await broker.ConnectAsync("a");
        var other = await broker.ConnectAsync("b");
        unlucky.Publish("bug");
        await unlucky.ExpectClosedAsync();
        await other.PublishAckedAsync("t");
        broker.Broker.ConnectionCount.ShouldBe(1);
        broker.Logger.Errors.ShouldHaveSingleItem().ShouldContain("a bug");
        await broker.Broker.DisposeAsync();
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task What_follows_a_wrong_packet_is_not_looked_at(MqttVersion version)
    {
        await using var broker = TestBroker.Start();
        var watcher = await broker.ConnectAsync("watcher");
        await watcher.SubscribeAsync("t");
        var client = await broker.ConnectAsync("a", version);
        var before = WireWriter.Publish(version, "t", "before"u8, 0, 0, false, false, null);
        var behind = WireWriter.Publish(version, "t", "behind"u8, 0, 0, false, false, null);
        client.Send([.. before, 0x36, 0x00, .. behind]);
        if (version == MqttVersion.V5)
            await client.ExpectAsync("DISCONNECT 0x81");
        await client.ExpectClosedAsync();
        await watcher.ExpectAsync("PUBLISH t=before q0");
        await watcher.ExpectNothingAsync();
    }
}
