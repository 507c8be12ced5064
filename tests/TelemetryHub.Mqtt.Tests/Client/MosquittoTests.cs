using System.Text;
using TelemetryHub.Mqtt.Client;
using TelemetryHub.Mqtt.Packets;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Mqtt.Tests.Client;

public sealed class MosquittoTests
{
    public static TheoryData<MqttVersion, QoS> VersionsAndLevels
    {
        get
        {
            var data = new TheoryData<MqttVersion, QoS>();
            foreach (var version in Enum.GetValues<MqttVersion>())
            {
                foreach (var qos in Enum.GetValues<QoS>())
                    data.Add(version, qos);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(VersionsAndLevels))]
    public async Task What_is_published_comes_back_in_order(MqttVersion version, QoS qos)
    {
        await using var broker = await Mosquitto.StartAsync("max_queued_messages 0");
        await using var client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = broker.Port, Version = version });
        var connected = await client.ConnectAsync(Limits.Patience());
        connected.Reason.ShouldBe(ReasonCode.Success);
        (await client.SubscribeAsync("plant/#", qos).Soon()).Outcomes.Single().Reason.ShouldBe((ReasonCode)qos);

        var publishes = Enumerable.Range(0, 500)
            .Select(i => client.PublishAsync($"plant/{i % 7}", Encoding.UTF8.GetBytes($"{i}"), qos).AsTask()).ToList();
        var received = new List<string>();
        for (var i = 0; i < 500; i++)
        {
            var message = await client.Messages.ReadAsync(Limits.Patience());
            message.QoS.ShouldBe(qos);
            received.Add(Encoding.UTF8.GetString(message.Payload.Span));
        }

        received.ShouldBe(Enumerable.Range(0, 500).Select(i => $"{i}"));
        (await Task.WhenAll(publishes).Soon()).ShouldAllBe(result => result.IsSuccess);
    }

    [Fact]
    public async Task A_message_keeps_its_properties()
    {
        await using var broker = await Mosquitto.StartAsync();
        await using var client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = broker.Port });
        await client.ConnectAsync(Limits.Patience());
        await client.SubscribeAsync(
            [new SubscriptionRequest(TopicFilter.Parse("a/+"), QoS.AtLeastOnce)], new SubscriptionProperties { Identifier = 77 }).Soon();
        var properties = new MessageProperties
        {
            PayloadIsUtf8 = true,
            ContentType = "text/plain",
            ExpirySeconds = 100,
            ResponseTopic = TopicName.Parse("answers"),
            CorrelationData = new byte[] { 1, 2, 3 },
            UserProperties = [new UserProperty("unit", "°C"), new UserProperty("unit", "K")],
        };

        await client.PublishAsync(new MqttMessage { Topic = TopicName.Parse("a/b"), QoS = QoS.AtLeastOnce, Properties = properties }).Soon();

        var message = await client.Messages.ReadAsync(Limits.Patience());
        message.SubscriptionIdentifiers.ShouldBe([77u]);
        message.Properties.PayloadIsUtf8.ShouldBeTrue();
        message.Properties.ContentType.ShouldBe("text/plain");
        message.Properties.ExpirySeconds!.Value.ShouldBeInRange(99u, 100u);
        message.Properties.ResponseTopic.ShouldBe(TopicName.Parse("answers"));
        message.Properties.CorrelationData!.Value.ToArray().ShouldBe([1, 2, 3]);
        message.Properties.UserProperties.ShouldBe(properties.UserProperties);
    }

    [Fact]
    public async Task A_wrong_password_is_refused_with_its_reason()
    {
        await using var broker = await Mosquitto.StartAsync("allow_anonymous false");
        await using var client = new MqttClient(new MqttClientOptions
        {
            Uri = new Uri($"mqtt://me:wrong@127.0.0.1:{broker.Port}"),
        });
        var refused = await Should.ThrowAsync<MqttRefusedException>(() => client.ConnectAsync(Limits.Patience()));
        refused.Reason.ShouldBe(ReasonCode.NotAuthorized);
        client.State.ShouldBe(MqttConnectionState.Disconnected);
    }

    [Fact]
    public async Task The_will_is_published_when_the_goodbye_asks_for_it_and_not_otherwise()
    {
        await using var broker = await Mosquitto.StartAsync();
        await using var watcher = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = broker.Port });
        await watcher.ConnectAsync(Limits.Patience());
        await watcher.SubscribeAsync("wills/#").Soon();

        foreach (var (topic, reason) in new[] { ("wills/clean", ReasonCode.Success), ("wills/wanted", ReasonCode.DisconnectWithWill) })
        {
            await using var client = new MqttClient(new MqttClientOptions
            {
                Host = "127.0.0.1",
                Port = broker.Port,
                Will = new MqttWill { Topic = TopicName.Parse(topic), Payload = "gone"u8.ToArray() },
            });
            await client.ConnectAsync(Limits.Patience());
            await client.DisconnectAsync(reason).Soon();
        }

        (await watcher.Messages.ReadAsync(Limits.Patience())).Topic.ToString().ShouldBe("wills/wanted");
    }

    [Fact]
    public async Task Every_filter_of_a_request_has_its_own_answer()
    {
        await using var broker = await Mosquitto.StartAsync();
        await using var client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = broker.Port });
        await client.ConnectAsync(Limits.Patience());

        var granted = await client.SubscribeAsync(
            new SubscriptionRequest(TopicFilter.Parse("a"), QoS.AtMostOnce),
            new SubscriptionRequest(TopicFilter.Parse("b"), QoS.ExactlyOnce)).Soon();
        granted.Outcomes.Select(outcome => outcome.Reason).ShouldBe([ReasonCode.Success, ReasonCode.GrantedQoS2]);

        var removed = await client.UnsubscribeAsync(TopicFilter.Parse("a"), TopicFilter.Parse("never")).Soon();
        removed.Outcomes.Select(outcome => outcome.Reason).ShouldBe([ReasonCode.Success, ReasonCode.NoSubscriptionExisted]);
    }
}
