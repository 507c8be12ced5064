using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.MosquittoClients;

/// <summary>Many messages on one topic: nothing is missing, nothing comes twice, nothing overtakes.</summary>
public sealed class OrderTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    private const int Count = 20_000;

    [Theory]
    [InlineData("mqttv311", 1)]
    [InlineData("mqttv311", 2)]
    [InlineData("mqttv5", 1)]
    [InlineData("mqttv5", 2)]
    public async Task Twenty_thousand_messages_arrive_once_and_in_order(string version, int qos)
    {
        // MQTT 5 §4.9: mosquitto_sub announces a receive maximum of 20 and takes it seriously.
        if (version == "mqttv5" && qos == 2) fixture.SkipOnMosquitto("gives receive maximum back at PUBREC instead of PUBCOMP, and mosquitto_sub closes");
        var topic = Unique.Topic("order");
        var lines = Enumerable.Range(0, Count).Select(number => $"line {number}").ToArray();
        await using var subscriber = await MosquittoSub.StartAsync(
            fixture.Broker.Mqtt, "%p", "-V", version, "-t", topic, "-q", $"{qos}");

        await MosquittoPub.SendLinesAsync(fixture.Broker.Mqtt, lines, "-V", version, "-t", topic, "-q", $"{qos}");

        (await subscriber.TakeAsync(Count, Patience.LongLimit)).ShouldBe(lines);
    }
}
