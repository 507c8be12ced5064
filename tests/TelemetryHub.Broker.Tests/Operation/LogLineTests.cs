using Microsoft.Extensions.Logging;
using TelemetryHub.Broker.Operation;
using TelemetryHub.Broker.Tests.Harness;

namespace TelemetryHub.Broker.Tests.Operation;

public class LogLineTests
{
    [Fact]
    public async Task What_clients_can_cause_is_logged_ten_times_a_second_and_counted_from_then_on()
    {
        await using var broker = TestBroker.Start();
        for (var i = 0; i < 25; i++)
        {
            var client = broker.Open();
            client.Send(0x00, 0x00);
            await client.ExpectClosedAsync();
        }
        await broker.SettleAsync();
        broker.Logger.At(LogLevel.Information).Count().ShouldBe(10);
        broker.Logger.At(LogLevel.Information).ShouldAllBe(line => line.Contains("UnknownPacketType") && line.Contains("127.0.0.1"));
        broker.Time.AdvanceSeconds(11);
        broker.Logger.At(LogLevel.Information).Last().ShouldBe("15 more connections ended with ProtocolError; not logged one by one");
        broker.Broker.Statistics.Ended(DisconnectCause.ProtocolError).ShouldBe(25);

        var another = broker.Open();
        another.Send(0x00, 0x00);
        await another.ExpectClosedAsync();
        await broker.SettleAsync();
        broker.Logger.At(LogLevel.Information).Count().ShouldBe(12);
    }

    [Fact]
    public async Task A_line_names_the_client_and_the_fault_and_not_the_payload()
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("the-client");
        client.Publish("secret/+/topic", "secret");
        await client.ExpectAsync("DISCONNECT 0x90");
        await broker.SettleAsync();
        var line = broker.Logger.At(LogLevel.Information).ShouldHaveSingleItem();
        line.ShouldContain("the-client");
        line.ShouldContain("InvalidTopicName");
        line.ShouldNotContain("secret");
    }
}
