using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.MosquittoClients;

/// <summary>Retained messages: set, replaced, cleared, found by wildcards, and the flag as it was published.</summary>
public sealed class RetainedTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    private Listener Mqtt => fixture.Broker.Mqtt;

    [Theory]
    [InlineData("mqttv31")]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task The_newest_retained_message_greets_a_new_subscriber(string version)
    {
        var topic = Unique.Topic("retained");
        await RetainAsync(topic, "old", version);
        await RetainAsync(topic, "new", version);

        await using var subscriber = await MosquittoSub.StartAsync(Mqtt, "%q %r %p", "-V", version, "-t", topic, "-q", "1");

        (await subscriber.NextAsync()).ShouldBe("1 1 new");
        await MosquittoPub.SendAsync(Mqtt, "-t", topic, "-m", "live");
        (await subscriber.NextAsync()).ShouldBe("0 0 live");
    }

    [Fact]
    public async Task A_live_subscriber_gets_a_retained_message_without_the_flag()
    {
        var topic = Unique.Topic("retained");
        await using var subscriber = await MosquittoSub.StartAsync(Mqtt, "%r %p", "-t", topic);
        await RetainAsync(topic, "now");
        (await subscriber.NextAsync()).ShouldBe("0 now");
    }

    [Theory]
    [InlineData("mqttv31")]
    [InlineData("mqttv5")]
    public async Task An_empty_retained_message_clears_the_topic(string version)
    {
        var topic = Unique.Topic("retained");
        await RetainAsync(topic, "gone", version);
        await MosquittoPub.SendAsync(Mqtt, "-V", version, "-t", topic, "-r", "-n", "-q", "1");

        await using var subscriber = await MosquittoSub.StartAsync(Mqtt, "%r %p", "-V", version, "-t", topic);
        await MosquittoPub.SendAsync(Mqtt, "-t", topic, "-m", "live");

        (await subscriber.NextAsync()).ShouldBe("0 live");
    }

    [Fact]
    public async Task A_wildcard_finds_every_retained_message_under_it()
    {
        var root = Unique.Topic("retained");
        string[] topics = [root, $"{root}/a", $"{root}/a/b", $"{root}//c"];
        foreach (var topic in topics) await RetainAsync(topic, "kept");

        await using var all = await MosquittoSub.StartAsync(Mqtt, "%r %t", "-V", "mqttv5", "-t", $"{root}/#");
        (await all.TakeAsync(4)).ShouldBe(topics.Select(topic => $"1 {topic}"), ignoreOrder: true);

        await using var some = await MosquittoSub.StartAsync(Mqtt, "%r %t", "-t", $"{root}/+");
        (await some.NextAsync()).ShouldBe($"1 {root}/a");
        await MosquittoPub.SendAsync(Mqtt, "-t", $"{root}/live", "-m", "live");
        (await some.NextAsync()).ShouldBe($"0 {root}/live");
    }

    [Fact]
    public async Task Retain_as_published_keeps_the_flag_on_live_messages()
    {
        var topic = Unique.Topic("retained");
        await using var subscriber = await MosquittoSub.StartAsync(
            Mqtt, "%r %p", "-V", "mqttv5", "-t", topic, "--retain-as-published");
        await RetainAsync(topic, "kept");
        await MosquittoPub.SendAsync(Mqtt, "-t", topic, "-m", "live");
        (await subscriber.TakeAsync(2)).ShouldBe(["1 kept", "0 live"]);
    }

    private Task RetainAsync(string topic, string message, string version = "mqttv5") =>
        MosquittoPub.SendAsync(Mqtt, "-V", version, "-t", topic, "-m", message, "-r", "-q", "1");
}
