using System.Text.Json;
using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.MosquittoClients;

/// <summary>MQTT 5 properties on their way from mosquitto_pub to mosquitto_sub.</summary>
public sealed class PropertyTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    private Listener Mqtt => fixture.Broker.Mqtt;

    [Fact]
    public async Task Properties_of_a_message_are_forwarded_as_they_are()
    {
        var topic = Unique.Topic("properties");
        await using var subscriber = await SubscribeAsync("%C|%D|%F|%R|%p", topic);

        await PublishAsync(
            topic, "content-type", "text/plain", "correlation-data", "4711", "payload-format-indicator", "1", "response-topic", "answers/here");

        (await subscriber.NextAsync()).ShouldBe("text/plain|4711|1|answers/here|payload");
    }

    [Fact]
    public async Task User_properties_keep_their_order_and_their_duplicates()
    {
        var topic = Unique.Topic("properties");
        await using var subscriber = await SubscribeAsync("%P", topic);

        await MosquittoPub.SendAsync(
            Mqtt, "-V", "mqttv5", "-t", topic, "-m", "payload", "-D", "publish", "user-property", "b", "1",
            "-D", "publish", "user-property", "a", "2", "-D", "publish", "user-property", "b", "1", "-D", "publish", "user-property", "ü", "é");

        (await subscriber.NextAsync()).TrimEnd().ShouldBe("b:1 a:2 b:1 ü:é");
    }

    [Fact]
    public async Task Message_expiry_is_forwarded_with_what_is_left_of_it()
    {
        var topic = Unique.Topic("properties");
        await using var subscriber = await SubscribeAsync("%E", topic);
        await PublishAsync(topic, "message-expiry-interval", "100");
        int.Parse(await subscriber.NextAsync()).ShouldBeInRange(90, 100);
    }

    [Fact]
    public async Task A_topic_alias_of_the_publisher_is_not_the_subscribers_business()
    {
        var topic = Unique.Topic("properties");
        await using var subscriber = await SubscribeAsync("%t %p", topic);

        // With an alias, mosquitto_pub -l still names the topic each time: the alias is set again and again.
        await MosquittoPub.SendLinesAsync(
            Mqtt, ["one", "two"], "-V", "mqttv5", "-t", topic, "-q", "1", "-D", "publish", "topic-alias", "1");

        (await subscriber.TakeAsync(2)).ShouldBe([$"{topic} one", $"{topic} two"]);
    }

    [Fact]
    public async Task The_subscription_identifier_comes_with_the_message()
    {
        var topic = Unique.Topic("properties");
        await using var subscriber = await SubscribeAsync("%S %p", topic, "-D", "subscribe", "subscription-identifier", "268435455");
        await PublishAsync(topic);
        (await subscriber.NextAsync()).ShouldBe("268435455 payload");
    }

    [Fact]
    public async Task A_subscriber_of_an_older_version_gets_the_message_without_properties()
    {
        var topic = Unique.Topic("properties");
        await using var subscriber = await MosquittoSub.StartAsync(Mqtt, "%j", "-V", "mqttv311", "-t", topic);
        await PublishAsync(topic, "content-type", "text/plain", "user-property", "name", "value");

        var message = JsonDocument.Parse(await subscriber.NextAsync()).RootElement;

        message.GetProperty("payload").GetString().ShouldBe("payload");
        message.TryGetProperty("properties", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task The_properties_of_a_will_are_forwarded()
    {
        var topic = Unique.Topic("properties");
        await using var watcher = await SubscribeAsync("%C %P %p", topic);
        await using var device = await MosquittoSub.StartAsync(
            Mqtt, "%p", "-V", "mqttv5", "-t", Unique.Topic("idle"), "--will-topic", topic, "--will-payload", "lost",
            "-D", "will", "content-type", "text/plain", "-D", "will", "user-property", "device", "seven");

        await device.KillAsync();

        (await watcher.NextAsync()).ShouldBe("text/plain device:seven lost");
    }

    [Fact]
    public async Task A_message_too_large_for_a_subscriber_is_left_out_for_it_alone()
    {
        var topic = Unique.Topic("properties");
        await using var small = await SubscribeAsync("%l", topic, "-D", "connect", "maximum-packet-size", "200");
        await using var large = await SubscribeAsync("%l", topic);

        await MosquittoPub.SendAsync(Mqtt, "-t", topic, "-m", new string('x', 1000));
        await MosquittoPub.SendAsync(Mqtt, "-t", topic, "-m", "fits");

        (await small.NextAsync()).ShouldBe("4");
        (await large.TakeAsync(2)).ShouldBe(["1000", "4"]);
    }

    private Task<MosquittoSub> SubscribeAsync(string format, string topic, params string[] arguments) =>
        MosquittoSub.StartAsync(Mqtt, format, ["-V", "mqttv5", "-t", topic, .. arguments]);

    // Properties as names and values in turn; a user property takes two values.
    private Task PublishAsync(string topic, params string[] properties)
    {
        List<string> arguments = ["-V", "mqttv5", "-t", topic, "-m", "payload"];
        for (var at = 0; at < properties.Length;)
        {
            var length = properties[at] == "user-property" ? 3 : 2;
            arguments.AddRange(["-D", "publish", .. properties.AsSpan(at, length)]);
            at += length;
        }

        return MosquittoPub.SendAsync(Mqtt, [.. arguments]);
    }
}
