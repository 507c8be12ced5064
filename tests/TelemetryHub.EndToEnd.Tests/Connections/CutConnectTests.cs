using System.Diagnostics;
using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;
using TelemetryHub.EndToEnd.Tests.Raw;

namespace TelemetryHub.EndToEnd.Tests.Connections;

/// <summary>Packets that stop in the middle, at every byte.</summary>
public sealed class CutConnectTests(CutConnectTests.ImpatientBroker fixture) : IClassFixture<CutConnectTests.ImpatientBroker>
{
    public static TheoryData<string> Connects() =>
    [
        "10 { \"MQIsdp\" 03 C6 003C \"cut\" \"will/topic\" \"will\" \"user\" \"password\" }",
        "10 { \"MQTT\" 04 C6 003C \"cut\" \"will/topic\" \"will\" \"user\" \"password\" }",
        "10 { \"MQTT\" 05 C6 003C { 11 0000003C 21 0014 26 \"n\" \"v\" } \"cut\" { 18 0000000A } \"will/topic\" \"will\" \"user\" \"password\" }",
    ];

    [Theory]
    [MemberData(nameof(Connects))]
    public async Task Half_a_CONNECT_and_then_silence_is_closed_after_the_connect_timeout(string notation)
    {
        Assert.SkipUnless(fixture.Broker.IsHub, "Mosquitto 2.0 waits for a keep-alive that it does not know yet");
        var whole = PacketNotation.Parse(notation);
        await using var healthy = await HealthyPair.ConnectAsync(fixture.Broker);

        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, whole.Length).Select(length => ExpectCloseAsync(whole[..length], endSending: false)));

        watch.Elapsed.ShouldBeInRange(TimeSpan.FromSeconds(0.8), TimeSpan.FromSeconds(8)); // the time-out is a second
        await healthy.ExchangeAsync();
    }

    [Theory]
    [MemberData(nameof(Connects))]
    public async Task Half_a_CONNECT_and_then_the_end_is_closed_at_once(string notation)
    {
        var whole = PacketNotation.Parse(notation);
        await using var healthy = await HealthyPair.ConnectAsync(fixture.Broker);
        await Task.WhenAll(Enumerable.Range(0, whole.Length).Select(length => ExpectCloseAsync(whole[..length], endSending: true)));
        await healthy.ExchangeAsync();
    }

    [Theory]
    [InlineData(4, "32 { \"cut/topic\" 0001 'payload' }")]
    [InlineData(5, "34 { \"cut/topic\" 0001 { 03 \"text/plain\" 26 \"n\" \"v\" } 'payload' }")]
    [InlineData(5, "82 { 0001 { 0B 07 } \"cut/topic\" 00 \"cut/other\" 01 }")]
    public async Task Half_a_packet_and_then_the_end_is_closed_and_has_no_effect(int version, string notation)
    {
        var whole = PacketNotation.Parse(notation);
        await using var healthy = await HealthyPair.ConnectAsync(fixture.Broker);
        await using var watcher = await RawConnection.ConnectAsync(fixture.Broker.Mqtt, 4, Unique.ClientId("watch"));
        await watcher.SendAsync("82 { 0001 \"cut/#\" 00 }");
        (await watcher.ReadAsync()).ShouldBePacket("90 000100");

        for (var length = 1; length < whole.Length; length++)
        {
            await using var connection = await RawConnection.ConnectAsync(fixture.Broker.Mqtt, version, Unique.ClientId("cut"));
            await connection.SendAsync(whole.AsMemory(0, length));
            connection.EndSending();
            (await connection.ReadAsync()).ShouldBeNull();
        }

        await healthy.ExchangeAsync();
        await watcher.SendAsync("C0 00");
        (await watcher.ReadAsync()).ShouldBePacket("D0 ", "nothing was published");
    }

    private async Task ExpectCloseAsync(byte[] start, bool endSending)
    {
        await using var connection = await RawConnection.OpenAsync(fixture.Broker.Mqtt);
        await connection.SendAsync(start);
        if (endSending) connection.EndSending();
        (await connection.ReadAsync()).ShouldBeNull();
    }

    /// <summary>A hub that waits only a second for CONNECT.</summary>
    public sealed class ImpatientBroker() : BrokerFixture("Mqtt:ConnectTimeout=1s");
}
