using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;
using TelemetryHub.EndToEnd.Tests.Raw;

namespace TelemetryHub.EndToEnd.Tests.WrongPackets;

/// <summary>Packets that the specification forbids get the answer that it prescribes, and nobody else notices.</summary>
public sealed class WrongPacketTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    // Shorter than elsewhere: a broker that tolerates many of them would hold up the suite for an hour.
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    private static readonly HashSet<string> BrokenInMosquitto = [.. WrongPacket.Lines("mosquitto")];

    public static TheoryData<string> Names() => [.. WrongPacket.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_wrong_packet_is_answered_as_specified_and_disturbs_nobody(string name)
    {
        if (BrokenInMosquitto.Contains(name)) fixture.SkipOnMosquitto("answers otherwise");
        var packet = WrongPacket.All[name];
        await using var healthy = await HealthyPair.ConnectAsync(fixture.Broker);
        await using var connection = packet.Version == 0
            ? await RawConnection.OpenAsync(fixture.Broker.Mqtt)
            : await RawConnection.ConnectAsync(fixture.Broker.Mqtt, packet.Version, Unique.ClientId("wrong"));

        await connection.SendAsync(packet.Bytes);
        if (packet.Answers.Any(answer => answer.Kind == "open")) await connection.SendAsync("C0 00");
        var received = await connection.ReadAsync(AnswerLimit);

        var answer = packet.Answers.FirstOrDefault(answer => Fits(answer, received));
        answer.ShouldNotBeNull($"The answer was {received?.ToString() ?? "close"}");
        if (answer.Ends && received is not null) (await connection.ReadAsync()).ShouldBeNull("after it the connection is closed");
        await healthy.ExchangeAsync();
    }

    // Mosquitto often closes without a reason, or names another: it shows that the packet is wrong, not how to say so.
    private bool Fits(Answer answer, RawPacket? received) =>
        answer.Fits(received) || (!fixture.Broker.IsHub && answer.Ends && received is null or { FirstByte: 0x20 or 0xE0 });
}
