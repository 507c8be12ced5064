using TelemetryHub.Broker.Connections;
using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Core.Events;
using TelemetryHub.Mqtt;
using static TelemetryHub.Mqtt.Properties.PropertyId;

namespace TelemetryHub.Broker.Tests.Delivery;

public class TopicAliasTests
{
    [Fact]
    public async Task A_client_sets_an_alias_uses_it_and_gives_it_to_another_topic()
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("#");
        client.Publish("first", "1", props: new() { { TopicAlias, 3 } });
        client.Publish("", "2", props: new() { { TopicAlias, 3 } });
        client.Publish("second", "3", props: new() { { TopicAlias, 3 } });
        client.Publish("", "4", props: new() { { TopicAlias, 3 } });
        await client.ExpectAsync("PUBLISH first=1 q0", "PUBLISH first=2 q0", "PUBLISH second=3 q0", "PUBLISH second=4 q0");
    }

    [Fact]
    public async Task The_maximum_is_announced_and_usable()
    {
        await using var broker = TestBroker.Start(new() { TopicAliasMaximum = 5 });
        var client = broker.Open();
        (await client.ConnectAsync("a")).Number(TopicAliasMaximum).ShouldBe(5u);
        client.Publish("t", "1", qos: 1, id: 1, props: new() { { TopicAlias, 5 } });
        client.Publish("", "2", qos: 1, id: 2, props: new() { { TopicAlias, 5 } });
        await client.ExpectAsync("PUBACK id=1 0x10", "PUBACK id=2 0x10");
    }

    [Theory]
    [InlineData("t", 0, "DISCONNECT 0x94")]
    [InlineData("t", 33, "DISCONNECT 0x94")]
    [InlineData("", 33, "DISCONNECT 0x94")]
    [InlineData("", 7, "DISCONNECT 0x82")]
    public async Task A_wrong_alias_ends_the_connection(string topic, int alias, string answer)
    {
        await using var broker = TestBroker.Start(new() { TopicAliasMaximum = 32 });
        var client = await broker.ConnectAsync("a");
        client.Publish(topic, qos: 1, id: 1, props: new() { { TopicAlias, alias } });
        await client.ExpectAsync(answer);
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task Aliases_end_with_the_connection_and_not_with_the_session()
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a", props: new() { { SessionExpiryInterval, 60 } });
        await client.PublishAckedAsync("t", props: new() { { TopicAlias, 1 } });
        client = await broker.ConnectAsync("a", clean: false, present: true);
        client.Publish("", props: new() { { TopicAlias, 1 } });
        await client.ExpectAsync("DISCONNECT 0x82");
    }

    [Fact]
    public async Task A_repeated_qos_2_publish_sets_its_alias_as_well()
    {
        await using var broker = TestBroker.Start();
        var subscriber = await broker.ConnectAsync("s");
        await subscriber.SubscribeAsync("t");
        var publisher = await broker.ConnectAsync("p", props: new() { { SessionExpiryInterval, 60 } });
        publisher.Publish("t", "1", qos: 2, id: 1);
        await publisher.ExpectAsync("PUBREC id=1");
        publisher = await broker.ConnectAsync("p", clean: false, present: true);
        publisher.Publish("t", "1", qos: 2, id: 1, dup: true, props: new() { { TopicAlias, 4 } });
        publisher.Publish("", "2", qos: 2, id: 2, props: new() { { TopicAlias, 4 } });
        await publisher.ExpectAsync("PUBREC id=1", "PUBREC id=2");
        await subscriber.ExpectAsync("PUBLISH t=1 q0", "PUBLISH t=2 q0");
    }

    [Fact]
    public async Task An_alias_outlives_the_topic_table_that_forgot_its_topic()
    {
        await using var broker = TestBroker.Start(topicBytes: 20_000);
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("kept");
        await client.PublishAckedAsync("kept", "1", props: new() { { TopicAlias, 1 } });
        await client.ExpectAsync("PUBLISH kept=1 q0");
        for (var i = 0; i < 200; i++)
            client.Publish($"other/{i}");
        client.Publish("", "2", props: new() { { TopicAlias, 1 } });
        await client.ExpectAsync("PUBLISH kept=2 q0");
    }

    [Fact]
    public async Task The_hub_names_a_topic_once_and_then_sends_its_alias()
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a", props: new() { { TopicAliasMaximum, 2 } });
        await client.SubscribeAsync("#");
        client.Publish("first", "1");
        client.Publish("second", "2");
        client.Publish("third", "3");
        client.Publish("second", "4");
        client.Publish("first", "5");
        client.Publish("third", "6");
        await client.ExpectAsync(
            "PUBLISH first=1 q0 {TopicAlias=1}", "PUBLISH second=2 q0 {TopicAlias=2}", "PUBLISH third=3 q0",
            "PUBLISH =4 q0 {TopicAlias=2}", "PUBLISH =5 q0 {TopicAlias=1}", "PUBLISH third=6 q0");
    }

    [Fact]
    public async Task The_hub_sets_no_more_aliases_than_it_allows_itself_and_none_unasked()
    {
        await using var broker = TestBroker.Start(new() { TopicAliasMaximum = 1 });
        var client = await broker.ConnectAsync("a", props: new() { { TopicAliasMaximum, 100 } });
        await client.SubscribeAsync("#");
        var plain = await broker.ConnectAsync("b");
        await plain.SubscribeAsync("#");
        client.Publish("first", "1");
        client.Publish("second", "2");
        await client.ExpectAsync("PUBLISH first=1 q0 {TopicAlias=1}", "PUBLISH second=2 q0");
        await plain.ExpectAsync("PUBLISH first=1 q0", "PUBLISH second=2 q0");
    }

    [Fact]
    public void A_topic_has_one_alias_whether_it_was_routed_or_read_back_from_the_log()
    {
        var aliases = new OutgoingAliases(maximum: 5);
        aliases.For(new TopicTable(1 << 20).Get("topic"u8)).ShouldBe(((ushort)1, false));
        aliases.For(new TopicTable(1 << 20).Get("topic"u8)).ShouldBe(((ushort)1, true));
    }

    [Fact]
    public async Task A_publishers_alias_is_not_forwarded()
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("t");
        client.Publish("t", "1", props: new() { { TopicAlias, 1 }, { ContentType, "text" } });
        await client.ExpectAsync("PUBLISH t=1 q0 {ContentType=text}");
    }
}
