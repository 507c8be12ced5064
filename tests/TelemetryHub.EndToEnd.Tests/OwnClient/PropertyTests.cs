using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Client;
using TelemetryHub.Mqtt.Packets;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.EndToEnd.Tests.OwnClient;

/// <summary>What MQTT 5 adds, between our own client and the hub.</summary>
public sealed class PropertyTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    private MqttClientOptions Options => ClientOptions.For(fixture.Broker, MqttTransport.Tcp);

    [Fact]
    public async Task A_message_keeps_its_properties()
    {
        var topic = Unique.Topic("properties");
        await using var client = await Options.ConnectAsync();
        await client.SubscribeAsync(
            [new SubscriptionRequest(TopicFilter.Parse(topic), QoS.AtLeastOnce)],
            new SubscriptionProperties { Identifier = 77 },
            TestContext.Current.CancellationToken);
        var sent = new MessageProperties
        {
            PayloadIsUtf8 = true,
            ContentType = "text/plain",
            ExpirySeconds = 100,
            ResponseTopic = TopicName.Parse("answers"),
            CorrelationData = new byte[] { 1, 2, 3 },
            UserProperties = [new UserProperty("a", "1"), new UserProperty("a", "2")],
        };

        var message = new MqttMessage { Topic = TopicName.Parse(topic), QoS = QoS.AtLeastOnce, Properties = sent };
        await client.PublishAsync(message, TestContext.Current.CancellationToken);

        var received = await client.NextAsync();
        received.SubscriptionIdentifiers.ShouldBe([77u]);
        received.Properties.PayloadIsUtf8.ShouldBeTrue();
        received.Properties.ContentType.ShouldBe("text/plain");
        received.Properties.ExpirySeconds!.Value.ShouldBeInRange(99u, 100u);
        received.Properties.ResponseTopic.ShouldBe(sent.ResponseTopic);
        received.Properties.CorrelationData!.Value.ToArray().ShouldBe([1, 2, 3]);
        received.Properties.UserProperties.ShouldBe(sent.UserProperties);
    }

    [Fact]
    public async Task Repeated_topics_travel_as_aliases_in_both_directions()
    {
        // More topics than aliases, each of them again and again: aliases are made, used, and given to another topic.
        const int Topics = 50;
        const int Messages = 500;
        var topic = Unique.Topic("alias");
        await using var client = await (Options with { UseTopicAliases = true, TopicAliasMaximum = 16 }).ConnectAsync();
        await client.FollowAsync($"{topic}/#");
        var expected = Enumerable.Range(0, Messages).Select(number => $"{topic}/{number * number % Topics} {number}").ToList();

        await Task.WhenAll(expected.Select(line => client.SayAsync(line.Split(' ')[0], line)));

        foreach (var line in expected)
        {
            var message = await client.NextAsync();
            (message.Topic.ToString(), message.Text()).ShouldBe((line.Split(' ')[0], line));
        }
    }
}
