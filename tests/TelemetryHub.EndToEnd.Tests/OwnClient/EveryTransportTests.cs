using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Client;

namespace TelemetryHub.EndToEnd.Tests.OwnClient;

/// <summary>Our own client and the hub, in every version, QoS and transport.</summary>
public sealed class EveryTransportTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    private const int Messages = 300;

    private static readonly MqttTransport[] Transports = [MqttTransport.Tcp, MqttTransport.Tls, MqttTransport.WebSocket];

    public static TheoryData<MqttVersion, QoS, MqttTransport> Combinations =>
    [
        .. from version in Enum.GetValues<MqttVersion>()
           from qos in Enum.GetValues<QoS>()
           from transport in Transports
           select (version, qos, transport),
    ];

    [Theory]
    [MemberData(nameof(Combinations))]
    public async Task What_is_published_comes_back_in_order(MqttVersion version, QoS qos, MqttTransport transport)
    {
        var topic = Unique.Topic("own");
        await using var client = await (ClientOptions.For(fixture.Broker, transport) with { Version = version }).ConnectAsync();
        await client.FollowAsync($"{topic}/#", qos);

        var publishes = Enumerable.Range(0, Messages).Select(number => client.SayAsync($"{topic}/{number % 7}", $"{number}", qos)).ToList();
        for (var number = 0; number < Messages; number++)
        {
            var message = await client.NextAsync();
            (message.Text(), message.QoS, message.Topic.ToString()).ShouldBe(($"{number}", qos, $"{topic}/{number % 7}"));
        }

        await Task.WhenAll(publishes);
    }

    [Theory]
    [InlineData(MqttTransport.Tcp)]
    [InlineData(MqttTransport.Tls)]
    [InlineData(MqttTransport.WebSocket)]
    public async Task A_large_message_passes_unharmed(MqttTransport transport)
    {
        var topic = Unique.Topic("large");
        var payload = new byte[700_000];
        new Random(1).NextBytes(payload);
        await using var client = await ClientOptions.For(fixture.Broker, transport).ConnectAsync();
        await client.FollowAsync(topic);
        await client.SayAsync(topic, payload);
        (await client.NextAsync()).Payload.ToArray().ShouldBe(payload);
    }
}
