using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Mqtt;
using static TelemetryHub.Mqtt.Properties.PropertyId;

namespace TelemetryHub.Broker.Tests.Subscriptions;

public class SubscribeTests
{
    private static readonly Filter[] Mixed =
    [
        new("a", QoS: 2), "a/#/b", new("b", QoS: 1), "no/entry", "+a", "c", "", "$share/g", "$share/+/x", "too/many",
    ];

    [Fact]
    public async Task Every_filter_is_answered_in_its_place()
    {
        await using var broker = TestBroker.Start(new() { MaxSubscriptionsPerClient = 3 });
        broker.Access.Subscribe = (_, filter) => filter != "no/entry";
        var client = await broker.ConnectAsync("a");
        (await client.AskSubscribeAsync(7, null, Mixed)).ToString().ShouldBe("SUBACK id=7 02 8F 01 87 8F 00 8F 8F 8F 97");
        (await client.AskSubscribeAsync(8, null, new Filter("a", QoS: 1))).ToString().ShouldBe("SUBACK id=8 01");
        broker.Router.SubscriptionCount.ShouldBe(3);
    }

    [Theory]
    [InlineData(MqttVersion.V31)]
    [InlineData(MqttVersion.V311)]
    public async Task In_mqtt_3_every_failure_is_0x80(MqttVersion version)
    {
        await using var broker = TestBroker.Start(new() { MaxSubscriptionsPerClient = 3 });
        broker.Access.Subscribe = (_, filter) => filter != "no/entry";
        var client = await broker.ConnectAsync("a", version);
        (await client.AskSubscribeAsync(7, null, Mixed)).ToString().ShouldBe("SUBACK id=7 02 80 01 80 80 00 80 80 80 80");
    }

    [Fact]
    public async Task Filters_that_are_too_long_or_too_deep_are_refused()
    {
        await using var broker = TestBroker.Start(new() { MaxTopicBytes = 10, MaxTopicLevels = 3 });
        var client = await broker.ConnectAsync("a");
        (await client.AskSubscribeAsync(1, null, "0123456789", "01234567890", "1/2/3", "1/2/3/4")).ToString().ShouldBe("SUBACK id=1 00 97 00 97");
    }

    [Fact]
    public async Task A_publish_to_a_topic_that_is_too_long_or_too_deep_ends_the_connection()
    {
        await using var broker = TestBroker.Start(new() { MaxTopicBytes = 10, MaxTopicLevels = 3 });
        foreach (var topic in new[] { "01234567890", "1/2/3/4" })
        {
            var client = await broker.ConnectAsync("a");
            await client.PublishAckedAsync("0123456789");
            await client.PublishAckedAsync("1/2/3");
            client.Publish(topic, qos: 1, id: 1);
            await client.ExpectAsync("DISCONNECT 0x90");
        }
    }

    [Fact]
    public async Task Unsubscribe_answers_each_filter_and_stops_the_messages()
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("a", "b");
        (await client.UnsubscribeAsync(3, "a", "c", "a/#/b", "a")).ToString().ShouldBe("UNSUBACK id=3 00 11 8F 11");
        client.Publish("a", "x");
        client.Publish("b", "x");
        await client.ExpectAsync("PUBLISH b=x q0");
        var three = await broker.ConnectAsync("b", MqttVersion.V311);
        (await three.UnsubscribeAsync(3, "a", "c")).ToString().ShouldBe("UNSUBACK id=3");
    }

    [Theory]
    [InlineData("foo/+/baz", "foo//baz", true)]
    [InlineData("foo/+/baz", "foo/bar/baz", true)]
    [InlineData("foo/+/baz", "foo/baz", false)]
    [InlineData("foo/#", "foo", true)]
    [InlineData("+", "/foo", false)]
    [InlineData("/+", "/foo", true)]
    [InlineData("+/+", "/foo", true)]
    [InlineData("foo/+", "foo/", true)]
    [InlineData("foo/+", "foo", false)]
    [InlineData("#", "$foo/bar", false)]
    [InlineData("+/bar", "$foo/bar", false)]
    [InlineData("$foo/#", "$foo/bar", true)]
    [InlineData("Foo", "foo", false)]
    public async Task Filters_match_as_the_specification_says(string filter, string topic, bool matches)
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a", MqttVersion.V311);
        await client.SubscribeAsync(filter);
        client.Publish(topic, "x");
        if (matches)
            await client.ExpectAsync($"PUBLISH {topic}=x q0");
        await client.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(MqttVersion.V31)]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task Overlapping_subscriptions_get_one_copy_with_the_highest_qos_and_all_identifiers(MqttVersion version)
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a", version);
        await client.AskSubscribeAsync(1, new() { { SubscriptionIdentifier, 11 } }, "a/#");
        await client.AskSubscribeAsync(2, new() { { SubscriptionIdentifier, 22 } }, new Filter("a/+", QoS: 2));
        await client.AskSubscribeAsync(3, new() { { SubscriptionIdentifier, 33 } }, new Filter("a/b", QoS: 1));
        await client.AskSubscribeAsync(4, null, new Filter("+/b", QoS: 0));
        var publisher = await broker.ConnectAsync("p");
        publisher.Publish("a/b", "x", qos: 2, id: 1);
        var received = await client.ReceiveAsync();
        received.ToString().ShouldStartWith("PUBLISH a/b=x q2 id=1");
        received.Numbers(SubscriptionIdentifier).ShouldBe(version == MqttVersion.V5 ? new uint[] { 11, 22, 33 } : [], ignoreOrder: true);
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task Subscribing_again_replaces_the_subscription_and_its_identifier()
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a");
        await client.AskSubscribeAsync(1, new() { { SubscriptionIdentifier, 1 } }, new Filter("t", QoS: 1));
        await client.AskSubscribeAsync(2, new() { { SubscriptionIdentifier, 2 } }, new Filter("t"));
        client.Publish("t", "x", qos: 1, id: 1);
        await client.ExpectInAnyOrderAsync("PUBACK id=1", "PUBLISH t=x q0 {SubscriptionIdentifier=2}");
        await client.AskSubscribeAsync(3, null, "t");
        client.Publish("t", "x");
        await client.ExpectAsync("PUBLISH t=x q0");
        broker.Router.SubscriptionCount.ShouldBe(1);
    }

    [Fact]
    public async Task No_local_keeps_a_clients_own_messages_from_it_and_nobody_elses()
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync(new Filter("t", NoLocal: true));
        var other = await broker.ConnectAsync("b");
        await other.SubscribeAsync("t");
        await client.PublishAckedAsync("t", "own");
        await other.ExpectAsync("PUBLISH t=own q0");
        other.Publish("t", "other");
        await other.ExpectAsync("PUBLISH t=other q0");
        await client.ExpectAsync("PUBLISH t=other q0");
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task An_overlapping_subscription_without_no_local_brings_the_own_messages_by_its_own_rules()
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a");
        await client.AskSubscribeAsync(1, new() { { SubscriptionIdentifier, 1 } }, new Filter("t", QoS: 2, NoLocal: true));
        await client.AskSubscribeAsync(2, new() { { SubscriptionIdentifier, 2 } }, new Filter("#", QoS: 0));
        client.Publish("t", "own", qos: 1, id: 1);
        await client.ExpectInAnyOrderAsync("PUBACK id=1", "PUBLISH t=own q0 {SubscriptionIdentifier=2}");
        var other = await broker.ConnectAsync("b");
        await other.PublishAckedAsync("t", "other");
        var received = await client.ReceiveAsync();
        received.ToString().ShouldStartWith("PUBLISH t=other q1 id=1");
        received.Numbers(SubscriptionIdentifier).ShouldBe(new uint[] { 1, 2 }, ignoreOrder: true);
    }

    [Fact]
    public async Task A_match_that_is_cached_follows_the_subscriptions()
    {
        await using var broker = TestBroker.Start();
        var publisher = await broker.ConnectAsync("p");
        (await publisher.PublishAckedAsync("t")).Reason.ShouldBe(ReasonCode.NoMatchingSubscribers);
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("t");
        (await publisher.PublishAckedAsync("t", "x")).Reason.ShouldBe(ReasonCode.Success);
        await client.ExpectAsync("PUBLISH t=x q0");
        await client.UnsubscribeAsync(1, "t");
        (await publisher.PublishAckedAsync("t")).Reason.ShouldBe(ReasonCode.NoMatchingSubscribers);
    }
}
