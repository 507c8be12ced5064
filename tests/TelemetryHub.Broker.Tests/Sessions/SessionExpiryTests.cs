using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Mqtt;
using static TelemetryHub.Mqtt.Properties.PropertyId;

namespace TelemetryHub.Broker.Tests.Sessions;

public class SessionExpiryTests
{
    [Fact]
    public async Task A_session_without_expiry_ends_with_its_connection()
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a", clean: false);
        await broker.LeaveAsync(client);
        broker.Broker.SessionCount.ShouldBe(0);
        await broker.ConnectAsync("a", clean: false, present: false);
    }

    [Fact]
    public async Task A_session_is_there_until_its_expiry_and_not_longer()
    {
        await using var broker = TestBroker.Start();
        await broker.LeaveAsync(await broker.ConnectAsync("a", props: new() { { SessionExpiryInterval, 60 } }));
        broker.Time.AdvanceSeconds(59);
        var client = await broker.ConnectAsync("a", clean: false, present: true, props: new() { { SessionExpiryInterval, 60 } });
        await broker.LeaveAsync(client);
        broker.Time.AdvanceSeconds(61);
        broker.Broker.SessionCount.ShouldBe(0);
        await broker.ConnectAsync("a", clean: false, present: false);
    }

    [Fact]
    public async Task A_session_that_expired_takes_its_subscriptions_and_queue_with_it()
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a", props: new() { { SessionExpiryInterval, 60 } });
        await client.SubscribeAsync(new Filter("t", QoS: 1));
        await broker.LeaveAsync(client);
        broker.Router.SubscriptionCount.ShouldBe(1);
        broker.Time.AdvanceSeconds(61);
        broker.Router.SubscriptionCount.ShouldBe(0);
        var publisher = await broker.ConnectAsync("p");
        (await publisher.PublishAckedAsync("t")).Reason.ShouldBe(ReasonCode.NoMatchingSubscribers);
    }

    [Theory]
    [InlineData(MqttVersion.V31)]
    [InlineData(MqttVersion.V311)]
    public async Task In_mqtt_3_a_session_that_is_not_clean_lives_as_long_as_the_hub_allows(MqttVersion version)
    {
        await using var broker = TestBroker.Start(new() { MaxSessionExpiry = TimeSpan.FromHours(1) });
        var client = await broker.ConnectAsync("a", version, clean: false);
        await client.SubscribeAsync(new Filter("t", QoS: 1));
        await broker.LeaveAsync(client);
        broker.Time.Advance(TimeSpan.FromMinutes(59));
        broker.Broker.SessionCount.ShouldBe(1);
        broker.Time.Advance(TimeSpan.FromMinutes(2));
        broker.Broker.SessionCount.ShouldBe(0);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_clean_start_forgets_subscriptions_and_queued_messages(MqttVersion version)
    {
        await using var broker = TestBroker.Start();
        var props = version == MqttVersion.V5 ? new Props { { SessionExpiryInterval, 60 } } : null;
        var client = await broker.ConnectAsync("a", version, clean: false, props: props);
        await client.SubscribeAsync(new Filter("t", QoS: 1));
        await broker.LeaveAsync(client);
        var publisher = await broker.ConnectAsync("p", version);
        await publisher.PublishAckedAsync("t", "queued");

        client = await broker.ConnectAsync("a", version, clean: true, present: false);
        await publisher.PublishAckedAsync("t", "later");
        await client.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_resumed_session_gets_what_was_queued_with_qos_1_and_2_and_nothing_of_qos_0(MqttVersion version)
    {
        await using var broker = TestBroker.Start();
        var props = version == MqttVersion.V5 ? new Props { { SessionExpiryInterval, 60 } } : null;
        var client = await broker.ConnectAsync("a", version, clean: false, props: props);
        await client.SubscribeAsync(new Filter("t", QoS: 2));
        await broker.LeaveAsync(client);
        var publisher = await broker.ConnectAsync("p", version);
        publisher.Publish("t", "zero");
        publisher.Publish("t", "two", qos: 2, id: 1);
        await publisher.ExpectAsync("PUBREC id=1");
        await publisher.PublishAckedAsync("t", "one");

        client = await broker.ConnectAsync("a", version, clean: false, present: true, props: props);
        await client.ExpectAsync("PUBLISH t=two q2 id=1", "PUBLISH t=one q1 id=2");
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task Disconnect_can_prolong_the_session()
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a", props: new() { { SessionExpiryInterval, 10 } });
        await broker.LeaveAsync(client, props: new() { { SessionExpiryInterval, 100 } });
        broker.Time.AdvanceSeconds(99);
        await broker.ConnectAsync("a", clean: false, present: true);
    }

    [Fact]
    public async Task Disconnect_can_end_the_session_at_once()
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a", props: new() { { SessionExpiryInterval, 100 } });
        await broker.LeaveAsync(client, props: new() { { SessionExpiryInterval, 0 } });
        broker.Broker.SessionCount.ShouldBe(0);
    }

    [Fact]
    public async Task Disconnect_cannot_give_an_expiry_to_a_session_that_had_none()
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a");
        client.Disconnect(props: new() { { SessionExpiryInterval, 100 } });
        await client.ExpectAsync("DISCONNECT 0x82");
        await client.ExpectClosedAsync();
        await broker.SettleAsync();
        broker.Broker.SessionCount.ShouldBe(0);
    }

    [Fact]
    public async Task A_longer_expiry_than_the_hub_allows_is_cut_and_the_client_is_told()
    {
        await using var broker = TestBroker.Start(new() { MaxSessionExpiry = TimeSpan.FromSeconds(30) });
        var client = broker.Open();
        var answer = await client.ConnectAsync("a", props: new() { { SessionExpiryInterval, uint.MaxValue } });
        answer.Number(SessionExpiryInterval).ShouldBe(30u);
        await broker.LeaveAsync(client);
        broker.Time.AdvanceSeconds(31);
        broker.Broker.SessionCount.ShouldBe(0);
    }
}
