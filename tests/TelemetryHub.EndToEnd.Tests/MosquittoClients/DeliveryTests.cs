using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.MosquittoClients;

/// <summary>What mosquitto_pub sends, mosquitto_sub gets: in every version of the protocol and with every quality of service.</summary>
public sealed class DeliveryTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    private static readonly string[] Versions = ["mqttv31", "mqttv311", "mqttv5"];

    private Listener Mqtt => fixture.Broker.Mqtt;

    public static TheoryData<string, string> VersionPairs()
    {
        var pairs = new TheoryData<string, string>();
        foreach (var from in Versions)
        {
            foreach (var to in Versions) pairs.Add(from, to);
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(VersionPairs))]
    public async Task Every_quality_of_service_arrives_as_the_lower_of_published_and_granted(string from, string to)
    {
        var topic = Unique.Topic("delivery");
        for (var granted = 0; granted <= 2; granted++)
        {
            await using var subscriber = await MosquittoSub.StartAsync(Mqtt, "%q %r %t %p", "-V", to, "-t", topic, "-q", $"{granted}");
            for (var published = 0; published <= 2; published++)
            {
                await MosquittoPub.SendAsync(Mqtt, "-V", from, "-t", topic, "-q", $"{published}", "-m", $"with {published}");
                (await subscriber.NextAsync()).ShouldBe($"{Math.Min(published, granted)} 0 {topic} with {published}");
            }
        }
    }

    [Theory]
    [InlineData("mqttv31")]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task A_message_without_payload_arrives_as_one(string version)
    {
        var topic = Unique.Topic("empty");
        await using var subscriber = await MosquittoSub.StartAsync(Mqtt, "%l bytes", "-V", version, "-t", topic);
        await MosquittoPub.SendAsync(Mqtt, "-V", version, "-t", topic, "-n");
        (await subscriber.NextAsync()).ShouldBe("0 bytes");
    }

    [Theory]
    [InlineData("mqttv31", 0)]
    [InlineData("mqttv311", 1)]
    [InlineData("mqttv5", 2)]
    public async Task A_payload_of_200_kilobytes_arrives_byte_for_byte(string version, int qos)
    {
        var topic = Unique.Topic("large");
        var payload = new byte[200_000];
        new Random(qos).NextBytes(payload);
        using var directory = new TemporaryDirectory();
        await File.WriteAllBytesAsync(directory["payload"], payload, TestContext.Current.CancellationToken);

        await using var subscriber = await MosquittoSub.StartAsync(Mqtt, "%x", "-V", version, "-t", topic, "-q", $"{qos}");
        await MosquittoPub.SendAsync(Mqtt, "-V", version, "-t", topic, "-q", $"{qos}", "-f", directory["payload"]);

        Convert.FromHexString(await subscriber.NextAsync()).ShouldBe(payload);
    }

    [Theory]
    [InlineData("+/device/temp", true)]
    [InlineData("plant/#", true)]
    [InlineData("plant/+/temp/#", true)]
    [InlineData("plant/+/+", true)]
    [InlineData("#", true)]
    [InlineData("plant/+", false)]
    [InlineData("/plant/#", false)]
    [InlineData("plant/device/temp/+", false)]
    public async Task A_wildcard_filter_gets_what_it_matches_and_nothing_else(string filter, bool matches)
    {
        var last = Unique.Topic("last");
        await using var subscriber = await MosquittoSub.StartAsync(Mqtt, "%t %p", "-V", "mqttv5", "-t", filter, "-t", last);
        await MosquittoPub.SendAsync(Mqtt, "-t", "plant/device/temp", "-m", last);
        await MosquittoPub.SendAsync(Mqtt, "-t", last, "-m", "end");

        var first = await NextAboutAsync(subscriber, last);
        first.ShouldBe(matches ? $"plant/device/temp {last}" : $"{last} end");
    }

    // The rows of this theory use the same topic, and '#' sees the topics of other tests.
    private static async Task<string> NextAboutAsync(MosquittoSub subscriber, string last)
    {
        while (true)
        {
            var message = await subscriber.NextAsync();
            if (message.Contains(last, StringComparison.Ordinal)) return message;
        }
    }
}
