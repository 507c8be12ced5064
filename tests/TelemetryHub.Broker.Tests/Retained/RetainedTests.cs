using TelemetryHub.Broker.Operation;
using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Mqtt;
using static TelemetryHub.Mqtt.Properties.PropertyId;

namespace TelemetryHub.Broker.Tests.Retained;

public class RetainedTests
{
    [Theory]
    [InlineData(MqttVersion.V31)]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_retained_message_is_set_replaced_and_cleared(MqttVersion version)
    {
        await using var broker = TestBroker.Start();
        var publisher = await broker.ConnectAsync("p", version);
        await publisher.PublishAckedAsync("t", "first", retain: true);
        await publisher.PublishAckedAsync("t", "second", retain: true);
        await publisher.PublishAckedAsync("t", "passing");
        var client = await broker.ConnectAsync("a", version);
        await client.SubscribeAsync("t");
        await client.ExpectAsync("PUBLISH t=second q0 retain");
        broker.Router.RetainedCount.ShouldBe(1);

        await publisher.PublishAckedAsync("t", "", retain: true);
        await client.ExpectAsync("PUBLISH t= q0");
        broker.Router.RetainedCount.ShouldBe(0);
        broker.Router.RetainedBytes.ShouldBe(0);
        var late = await broker.ConnectAsync("b", version);
        await late.SubscribeAsync("t");
        await late.ExpectNothingAsync();
    }

    [Fact]
    public async Task To_a_subscription_that_stands_a_retained_message_is_like_any_other()
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("t");
        client.Publish("t", "x", retain: true);
        await client.ExpectAsync("PUBLISH t=x q0");
    }

    [Fact]
    public async Task Retain_as_published_shows_the_publishers_flag()
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync(new Filter("t", RetainAsPublished: true));
        client.Publish("t", "x", retain: true);
        client.Publish("t", "y");
        await client.ExpectAsync("PUBLISH t=x q0 retain", "PUBLISH t=y q0");
    }

    [Fact]
    public async Task Wildcards_find_all_that_match_and_nothing_of_dollar_topics()
    {
        await using var broker = TestBroker.Start();
        var publisher = await broker.ConnectAsync("p");
        foreach (var topic in new[] { "a", "a/b", "a//c", "b/c", "$a/b" })
            await publisher.PublishAckedAsync(topic, "x", retain: true);
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("a/#");
        await client.ExpectInAnyOrderAsync("PUBLISH a=x q0 retain", "PUBLISH a/b=x q0 retain", "PUBLISH a//c=x q0 retain");
        await client.SubscribeAsync("+/+/c");
        await client.ExpectInAnyOrderAsync("PUBLISH a//c=x q0 retain");
        await client.SubscribeAsync("$a/#");
        await client.ExpectInAnyOrderAsync("PUBLISH $a/b=x q0 retain");
        await client.SubscribeAsync("+/b");
        await client.ExpectInAnyOrderAsync("PUBLISH a/b=x q0 retain");
        await client.SubscribeAsync("#");
        await client.ExpectInAnyOrderAsync([.. new[] { "a", "a/b", "a//c", "b/c" }.Select(topic => $"PUBLISH {topic}=x q0 retain")]);
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task Retain_handling_decides_when_retained_messages_are_sent()
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a");
        await client.PublishAckedAsync("t", "x", retain: true);
        await client.SubscribeAsync(new Filter("t", RetainHandling: 2));
        await client.SubscribeAsync(new Filter("t", RetainHandling: 1));
        await client.ExpectNothingAsync();
        await client.UnsubscribeAsync(2, "t");
        await client.SubscribeAsync(new Filter("t", RetainHandling: 1));
        await client.ExpectAsync("PUBLISH t=x q0 retain");
        await client.SubscribeAsync(new Filter("t", RetainHandling: 0));
        await client.ExpectAsync("PUBLISH t=x q0 retain");
        await client.SubscribeAsync("t");
        await client.ExpectAsync("PUBLISH t=x q0 retain");
    }

    [Fact]
    public async Task A_retained_message_comes_with_its_qos_properties_and_the_subscriptions_identifier()
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a");
        await client.PublishAckedAsync("t", "x", retain: true, props: new() { { ContentType, "text" } });
        await client.AskSubscribeAsync(1, new() { { SubscriptionIdentifier, 9 } }, new Filter("t", QoS: 2));
        await client.ExpectAsync("PUBLISH t=x q1 id=1 retain {ContentType=text, SubscriptionIdentifier=9}");
    }

    [Fact]
    public async Task A_retained_message_expires()
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a");
        await client.PublishAckedAsync("t", "x", retain: true, props: new() { { MessageExpiryInterval, 60 } });
        broker.Time.AdvanceSeconds(20);
        await client.SubscribeAsync("t");
        await client.ExpectAsync("PUBLISH t=x q0 retain {MessageExpiryInterval=40}");
        broker.Time.AdvanceSeconds(40);
        await client.SubscribeAsync("t");
        await client.ExpectNothingAsync();
        broker.Router.RetainedCount.ShouldBe(0);
        broker.Router.RetainedBytes.ShouldBe(0);
    }

    [Fact]
    public async Task What_a_client_publishes_before_it_subscribes_is_retained_for_it_and_not_delivered_live()
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a");
        client.Send([
            .. WireWriter.Publish(MqttVersion.V5, "t", "kept"u8, 0, 0, retain: true, dup: false, null),
            .. WireWriter.Publish(MqttVersion.V5, "t/b", "gone"u8, 0, 0, retain: false, dup: false, null),
            .. WireWriter.Subscribe(MqttVersion.V5, 1, null, ["t/#"])]);
        await client.ExpectAsync("SUBACK id=1 00", "PUBLISH t=kept q0 retain");
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task When_the_retained_messages_are_full_another_one_is_refused_and_clearing_still_works()
    {
        await using var broker = TestBroker.Start(new() { MaxRetainedBytes = 500 });
        var client = await broker.ConnectAsync("a");
        await client.PublishAckedAsync("t", new string('x', 500), retain: true);
        (await client.PublishAckedAsync("u", "x", retain: true)).ToString().ShouldBe("PUBACK id=999 0x97");
        (await client.PublishAckedAsync("u", "x")).ToString().ShouldBe("PUBACK id=999 0x10");
        broker.Broker.Statistics.Dropped(DropReason.RetainedFull).ShouldBe(1);
        await client.PublishAckedAsync("t", "", retain: true);
        await client.PublishAckedAsync("u", "x", retain: true);
        broker.Router.RetainedCount.ShouldBe(1);
    }
}
