using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.MosquittoClients;

/// <summary><c>$share</c>: each message goes to one member of the group.</summary>
public sealed class SharedSubscriptionTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    private const int Count = 300;

    private Listener Mqtt => fixture.Broker.Mqtt;

    [Theory]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task The_members_of_a_group_share_the_messages_evenly(string version)
    {
        var topic = Unique.Topic("shared");
        await using var first = await MemberAsync(version, "group", topic);
        await using var second = await MemberAsync(version, "group", topic);
        await using var third = await MemberAsync(version, "group", topic);
        var lines = await PublishAsync(topic);

        var received = await MosquittoSub.TakeTogetherAsync(Count, first, second, third);

        received.ShouldBe(lines, ignoreOrder: true);
        // A member that is behind may be passed over for a moment, hence not exactly a third.
        foreach (var member in new[] { first, second, third }) member.Received.ShouldBeInRange(Count / 5, Count / 2);
    }

    [Fact]
    public async Task Groups_and_ordinary_subscribers_do_not_take_from_each_other()
    {
        var topic = Unique.Topic("shared");
        await using var one = await MemberAsync("mqttv5", "one", topic);
        await using var two = await MemberAsync("mqttv5", "two", topic);
        await using var plain = await MosquittoSub.StartAsync(Mqtt, "%p", "-t", topic, "-q", "1");

        var lines = await PublishAsync(topic);

        (await one.TakeAsync(Count)).ShouldBe(lines);
        (await two.TakeAsync(Count)).ShouldBe(lines);
        (await plain.TakeAsync(Count)).ShouldBe(lines);
    }

    [Fact]
    public async Task When_a_member_leaves_the_others_get_its_share()
    {
        var topic = Unique.Topic("shared");
        await using var stays = await MemberAsync("mqttv5", "group", topic);
        await using (var leaves = await MemberAsync("mqttv5", "group", topic)) await leaves.LeaveAsync();

        var lines = await PublishAsync(topic);

        (await stays.TakeAsync(Count)).ShouldBe(lines);
    }

    [Fact]
    public async Task A_shared_subscription_gets_no_retained_messages()
    {
        fixture.SkipOnMosquitto("sends retained messages to shared subscriptions too");
        var topic = Unique.Topic("shared");
        await MosquittoPub.SendAsync(Mqtt, "-t", topic, "-m", "retained", "-r", "-q", "1");
        await using var member = await MemberAsync("mqttv5", "group", topic);
        await MosquittoPub.SendAsync(Mqtt, "-t", topic, "-m", "live", "-q", "1");
        (await member.NextAsync()).ShouldBe("live"); // MQTT 5 §4.8.2
    }

    private Task<MosquittoSub> MemberAsync(string version, string group, string topic) =>
        MosquittoSub.StartAsync(Mqtt, "%p", "-V", version, "-t", $"$share/{group}/{topic}", "-q", "1");

    private async Task<string[]> PublishAsync(string topic)
    {
        var lines = Enumerable.Range(0, Count).Select(number => $"{number}").ToArray();
        await MosquittoPub.SendLinesAsync(Mqtt, lines, "-t", topic, "-q", "1");
        return lines;
    }
}
