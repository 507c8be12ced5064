using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Mqtt;
using static TelemetryHub.Mqtt.Properties.PropertyId;

namespace TelemetryHub.Broker.Tests.Delivery;

public class ForwardedPropertyTests
{
    [Fact]
    public async Task What_describes_the_message_travels_with_it_in_its_order()
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("t");
        client.Publish("t", "x", props: new()
        {
            { "b", "1" }, { PayloadFormatIndicator, 1 }, { ContentType, "text" }, { ResponseTopic, "r/t" }, { CorrelationData, "7" }, { "a", "2" }, { "b", "3" },
        });
        await client.ExpectAsync("PUBLISH t=x q0 {b:1, PayloadFormatIndicator=1, ContentType=text, ResponseTopic=r/t, CorrelationData=7, a:2, b:3}");
    }

    [Fact]
    public async Task Mqtt_3_gets_the_same_message_without_properties()
    {
        await using var broker = TestBroker.Start();
        var three = await broker.ConnectAsync("three", MqttVersion.V311);
        await three.SubscribeAsync("t");
        var five = await broker.ConnectAsync("five");
        five.Publish("t", "x", props: new() { { ContentType, "text" } });
        await three.ExpectAsync("PUBLISH t=x q0");
    }

    [Theory]
    [InlineData("a/+")]
    [InlineData("a/#")]
    [InlineData("")]
    public async Task A_response_topic_that_is_no_topic_name_is_a_protocol_error(string topic)
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a");
        client.Publish("t", qos: 1, id: 1, props: new() { { ResponseTopic, topic } });
        await client.ExpectAsync("DISCONNECT 0x82");
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task A_subscription_identifier_from_a_client_is_a_protocol_error()
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a");
        client.Publish("t", qos: 1, id: 1, props: new() { { SubscriptionIdentifier, 1 } });
        await client.ExpectAsync("DISCONNECT 0x82");
    }

    [Theory]
    [InlineData(1, "PUBACK id=5 0x99")]
    [InlineData(2, "PUBREC id=5 0x99")]
    public async Task When_it_is_asked_for_text_that_is_none_is_refused(int qos, string answer)
    {
        await using var broker = TestBroker.Start(new() { ValidatePayloadFormat = true });
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("t");
        client.Publish("t", [0xC0, 0x80], qos, id: 5, props: new() { { PayloadFormatIndicator, 1 } });
        await client.ExpectAsync(answer);
        client.Publish("t", [0xC0, 0x80], props: new() { { PayloadFormatIndicator, 1 } });
        client.Publish("t", [0xC0, 0x80], props: new() { { PayloadFormatIndicator, 0 } });
        (await client.ReceiveAsync()).Number(PayloadFormatIndicator).ShouldBe(0u);
        client.Publish("t", "good", qos, id: 5, props: new() { { PayloadFormatIndicator, 1 } });
        await client.ExpectInAnyOrderAsync(answer.Replace(" 0x99", ""), "PUBLISH t=good q0 {PayloadFormatIndicator=1}");
    }

    [Fact]
    public async Task When_it_is_not_asked_for_the_payload_is_the_publishers_business()
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a");
        client.Publish("t", [0xC0, 0x80], qos: 1, id: 5, props: new() { { PayloadFormatIndicator, 1 } });
        await client.ExpectAsync("PUBACK id=5 0x10");
    }
}
