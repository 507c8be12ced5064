using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Mqtt;
using static TelemetryHub.Mqtt.Properties.PropertyId;

namespace TelemetryHub.Broker.Tests.Subscriptions;

public class SharedSubscriptionTests
{
    private static readonly Props Kept = new() { { SessionExpiryInterval, 600 } };

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task Members_get_even_shares_and_each_message_goes_to_one(MqttVersion version)
    {
        await using var broker = TestBroker.Start();
        List<WireClient> members = [];
        for (var i = 0; i < 3; i++)
        {
            members.Add(await broker.ConnectAsync($"m{i}", version));
            await members[i].SubscribeAsync("$share/g/t");
        }
        var plain = await broker.ConnectAsync("plain", version);
        await plain.SubscribeAsync("t");
        for (var i = 0; i < 30; i++)
            plain.Publish("t", $"{i:00}");

        List<string> shared = [];
        foreach (var member in members)
        {
            for (var i = 0; i < 10; i++)
                shared.Add((await member.ReceiveAsync()).Text);
            await member.ExpectNothingAsync();
        }
        shared.Order().ShouldBe(Enumerable.Range(0, 30).Select(i => $"{i:00}"));
        for (var i = 0; i < 30; i++)
            await plain.ExpectAsync($"PUBLISH t={i:00} q0");
    }

    [Fact]
    public async Task Groups_do_not_know_each_other()
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("$share/g/t", "$share/h/t", "$share/g/+", "t");
        client.Publish("t", "x");
        await client.ExpectAsync("PUBLISH t=x q0", "PUBLISH t=x q0", "PUBLISH t=x q0", "PUBLISH t=x q0");
        await client.ExpectNothingAsync();
        broker.Router.SharedSubscriptionCount.ShouldBe(3);
    }

    [Fact]
    public async Task A_member_that_is_away_is_passed_over()
    {
        await using var broker = TestBroker.Start();
        var away = await broker.ConnectAsync("away", props: Kept);
        await away.SubscribeAsync(new Filter("$share/g/t", QoS: 1));
        await broker.LeaveAsync(away);
        var here = await broker.ConnectAsync("here");
        await here.SubscribeAsync(new Filter("$share/g/t", QoS: 1));
        var publisher = await broker.ConnectAsync("p");
        for (var i = 1; i <= 6; i++)
        {
            await publisher.PublishAckedAsync("t", $"{i}");
            await here.ExpectAsync($"PUBLISH t={i} q1 id={i}");
        }
    }

    [Fact]
    public async Task When_all_are_away_the_messages_wait_for_one_of_them()
    {
        await using var broker = TestBroker.Start();
        var member = await broker.ConnectAsync("m", props: Kept);
        await member.SubscribeAsync(new Filter("$share/g/t", QoS: 1));
        await broker.LeaveAsync(member);
        var publisher = await broker.ConnectAsync("p");
        (await publisher.PublishAckedAsync("t", "x")).Reason.ShouldBe(ReasonCode.Success);
        member = await broker.ConnectAsync("m", clean: false, present: true);
        await member.ExpectAsync("PUBLISH t=x q1 id=1");
    }

    [Fact]
    public async Task What_a_leaving_member_was_not_sent_goes_to_the_others_and_what_it_was_sent_waits_for_it()
    {
        await using var broker = TestBroker.Start();
        var slow = await broker.ConnectAsync("slow", props: new() { { SessionExpiryInterval, 600 }, { ReceiveMaximum, 1 } });
        await slow.SubscribeAsync(new Filter("$share/g/t", QoS: 1), new Filter("own", QoS: 1));
        var publisher = await broker.ConnectAsync("p");
        foreach (var payload in new[] { "sent", "queued" })
            await publisher.PublishAckedAsync("t", payload);
        await publisher.PublishAckedAsync("own", "kept");
        await slow.ExpectAsync("PUBLISH t=sent q1 id=1");
        var other = await broker.ConnectAsync("other");
        await other.SubscribeAsync(new Filter("$share/g/t", QoS: 1));
        await broker.VanishAsync(slow);
        await other.ExpectAsync("PUBLISH t=queued q1 id=1");

        slow = await broker.ConnectAsync("slow", clean: false, present: true);
        await slow.ExpectAsync("PUBLISH t=sent q1 id=1 dup", "PUBLISH own=kept q1 id=3");
    }

    [Fact]
    public async Task When_a_members_session_ends_its_qos_1_goes_to_the_others_and_its_qos_2_in_flight_does_not()
    {
        await using var broker = TestBroker.Start();
        var member = await broker.ConnectAsync("m", props: Kept);
        await member.SubscribeAsync(new Filter("$share/g/t", QoS: 2));
        var publisher = await broker.ConnectAsync("p");
        await publisher.PublishAckedAsync("t", "one");
        publisher.Publish("t", "two", qos: 2, id: 1);
        await publisher.ExpectAsync("PUBREC id=1");
        await member.ExpectAsync("PUBLISH t=one q1 id=1", "PUBLISH t=two q2 id=2");
        var other = await broker.ConnectAsync("other");
        await other.SubscribeAsync(new Filter("$share/g/t", QoS: 2));
        await broker.VanishAsync(member);
        await other.ExpectNothingAsync();
        broker.Time.AdvanceSeconds(601);
        await other.ExpectAsync("PUBLISH t=one q1 id=1");
        await other.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_member_that_unsubscribes_gets_nothing_more_of_the_group()
    {
        await using var broker = TestBroker.Start();
        var first = await broker.ConnectAsync("a");
        await first.SubscribeAsync("$share/g/t");
        var second = await broker.ConnectAsync("b");
        await second.SubscribeAsync("$share/g/t");
        (await first.UnsubscribeAsync(1, "$share/g/t")).ToString().ShouldBe("UNSUBACK id=1 00");
        first.Publish("t", "1");
        first.Publish("t", "2");
        await second.ExpectAsync("PUBLISH t=1 q0", "PUBLISH t=2 q0");
        await second.UnsubscribeAsync(1, "$share/g/t");
        broker.Router.SharedSubscriptionCount.ShouldBe(0);
        (await first.PublishAckedAsync("t")).Reason.ShouldBe(ReasonCode.NoMatchingSubscribers);
    }

    [Fact]
    public async Task Shared_subscriptions_get_no_retained_messages()
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a");
        await client.PublishAckedAsync("t", "x", retain: true);
        await client.SubscribeAsync("$share/g/t");
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_shared_wildcard_does_not_see_dollar_topics()
    {
        await using var broker = TestBroker.Start(new() { SysInterval = TimeSpan.FromSeconds(10) });
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("$share/g/#", "$share/g/+/broker/version");
        broker.Time.AdvanceSeconds(11);
        client.Publish("$own/t", "x");
        await client.ExpectNothingAsync();
        await client.SubscribeAsync("$share/g/$own/#");
        client.Publish("$own/t", "x");
        await client.ExpectAsync("PUBLISH $own/t=x q0");
    }

    [Fact]
    public async Task No_local_on_a_shared_subscription_is_a_protocol_error()
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a");
        (await client.AskSubscribeAsync(1, null, new Filter("$share/g/t", NoLocal: true))).ToString().ShouldBe("DISCONNECT 0x82");
    }

    [Fact]
    public async Task A_member_that_may_not_receive_is_passed_over()
    {
        await using var broker = TestBroker.Start();
        broker.Access.Receive = (principal, _) => principal.ClientId != "barred";
        var barred = await broker.ConnectAsync("barred");
        await barred.SubscribeAsync("$share/g/t");
        var other = await broker.ConnectAsync("other");
        await other.SubscribeAsync("$share/g/t");
        for (var i = 1; i <= 4; i++)
            barred.Publish("t", $"{i}");
        await other.ExpectAsync("PUBLISH t=1 q0", "PUBLISH t=2 q0", "PUBLISH t=3 q0", "PUBLISH t=4 q0");
        await barred.ExpectNothingAsync();
    }
}
