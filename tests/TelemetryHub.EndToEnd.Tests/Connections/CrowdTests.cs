using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.MosquittoClients;
using TelemetryHub.EndToEnd.Tests.Programs;
using TelemetryHub.EndToEnd.Tests.Raw;

namespace TelemetryHub.EndToEnd.Tests.Connections;

/// <summary>Many connections that are up to no good, or that go without a word.</summary>
public sealed class CrowdTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    private Listener Mqtt => fixture.Broker.Mqtt;

    [Fact]
    public async Task A_thousand_half_open_connections_do_not_keep_a_real_one_out()
    {
        var half = PacketNotation.Parse(RawConnection.ConnectNotation(5, "half"))[..9];
        var crowd = new List<RawConnection>();
        try
        {
            for (var number = 0; number < 1000; number++)
            {
                crowd.Add(await RawConnection.OpenAsync(Mqtt));
                if (number % 2 == 1) await crowd[^1].SendAsync(half);
            }

            var topic = Unique.Topic("crowd");
            await using var subscriber = await MosquittoSub.StartAsync(Mqtt, "%p", "-V", "mqttv5", "-t", topic, "-q", "1");
            await MosquittoPub.SendAsync(Mqtt, "-V", "mqttv5", "-t", topic, "-q", "1", "-m", "served");
            (await subscriber.NextAsync()).ShouldBe("served");
        }
        finally
        {
            foreach (var connection in crowd) await connection.DisposeAsync();
        }
    }

    [Fact]
    public async Task Clients_that_vanish_with_a_reset_are_missed_and_nothing_else()
    {
        var topic = Unique.Topic("vanish");
        await using var healthy = await HealthyPair.ConnectAsync(fixture.Broker);
        await using var watcher = await MosquittoSub.StartAsync(Mqtt, "%p", "-t", $"{topic}/#", "-q", "1");

        for (var number = 0; number < 50; number++)
        {
            var device = await RawConnection.OpenAsync(Mqtt);
            await device.SendAsync($"10 {{ \"MQTT\" 04 0E 003C \"{Unique.ClientId("vanish")}\" \"{topic}/{number}\" \"{number}\" }}");
            (await device.ReadAsync()).ShouldBePacket("20 0000");
            await device.SendAsync("82 { 0001 \"healthy/#\" 01 } 32 FF"); // it gets messages, and was about to send one
            (await device.ReadAsync()).ShouldBePacket("90 000101");
            device.Reset();
            await device.DisposeAsync();
        }

        var wills = await watcher.TakeAsync(50);
        wills.Order().ShouldBe(Enumerable.Range(0, 50).Select(number => $"{number}").Order());
        await healthy.ExchangeAsync();
    }

    [Fact]
    public async Task Clients_that_vanish_before_CONNECT_are_not_missed()
    {
        await using var healthy = await HealthyPair.ConnectAsync(fixture.Broker);
        for (var number = 0; number < 50; number++)
        {
            await using var connection = await RawConnection.OpenAsync(Mqtt);
            if (number % 2 == 0) await connection.SendAsync("10 20");
            connection.Reset();
        }

        await healthy.ExchangeAsync();
    }
}
