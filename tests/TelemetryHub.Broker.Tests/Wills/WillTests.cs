using TelemetryHub.Broker.Operation;
using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Mqtt;
using static TelemetryHub.Mqtt.Properties.PropertyId;

namespace TelemetryHub.Broker.Tests.Wills;

public class WillTests
{
    private static readonly WillSpec Gone = new("will", "gone", QoS: 1);

    private static async Task<WireClient> WatchAsync(TestBroker broker, int qos = 2)
    {
        var watcher = await broker.ConnectAsync("watcher");
        await watcher.SubscribeAsync(new Filter("will", qos));
        return watcher;
    }

    [Theory]
    [InlineData(MqttVersion.V31)]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_will_is_sent_when_the_client_vanishes(MqttVersion version)
    {
        await using var broker = TestBroker.Start();
        var watcher = await WatchAsync(broker);
        var ended = await broker.ConnectAsync("a", version, will: Gone);
        ended.Dispose();
        await watcher.ExpectAsync("PUBLISH will=gone q1 id=1");
        var reset = await broker.ConnectAsync("a", version, will: Gone with { QoS = 0 });
        reset.Reset();
        await watcher.ExpectAsync("PUBLISH will=gone q0");
    }

    [Theory]
    [InlineData(MqttVersion.V31)]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_clean_disconnect_deletes_the_will(MqttVersion version)
    {
        await using var broker = TestBroker.Start();
        var watcher = await WatchAsync(broker);
        await broker.LeaveAsync(await broker.ConnectAsync("a", version, will: Gone));
        await watcher.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(MqttVersion.V311, true)]
    [InlineData(MqttVersion.V311, false)]
    [InlineData(MqttVersion.V5, true)]
    [InlineData(MqttVersion.V5, false)]
    public async Task A_will_is_sent_on_takeover(MqttVersion version, bool clean)
    {
        await using var broker = TestBroker.Start();
        var watcher = await WatchAsync(broker);
        await broker.ConnectAsync("a", version, will: Gone);
        await broker.ConnectAsync("a", version, clean, present: null);
        await watcher.ExpectAsync("PUBLISH will=gone q1 id=1");
        await watcher.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_will_is_sent_when_disconnect_asks_for_it_and_after_a_protocol_error()
    {
        await using var broker = TestBroker.Start();
        var watcher = await WatchAsync(broker, qos: 0);
        var asking = await broker.ConnectAsync("a", will: Gone);
        asking.Disconnect(ReasonCode.DisconnectWithWill);
        await watcher.ExpectAsync("PUBLISH will=gone q0");
        var wrong = await broker.ConnectAsync("a", will: Gone);
        wrong.Send(0xF0, 0x00);
        await watcher.ExpectAsync("PUBLISH will=gone q0");
    }

    [Fact]
    public async Task A_will_is_sent_when_the_keep_alive_runs_out()
    {
        await using var broker = TestBroker.Start();
        var watcher = await WatchAsync(broker);
        await broker.Open().ConnectAsync("a", keepAlive: 10, will: Gone);
        broker.Time.AdvanceSeconds(15.5);
        await watcher.ExpectAsync("PUBLISH will=gone q1 id=1");
    }

    [Fact]
    public async Task A_delayed_will_waits_for_its_delay()
    {
        await using var broker = TestBroker.Start();
        var watcher = await WatchAsync(broker);
        var client = await broker.ConnectAsync(
            "a", will: Gone with { Properties = new() { { WillDelayInterval, 30 } } }, props: new() { { SessionExpiryInterval, 60 } });
        await broker.VanishAsync(client);
        broker.Time.AdvanceSeconds(29);
        await watcher.ExpectNothingAsync();
        broker.Time.AdvanceSeconds(2);
        await watcher.ExpectAsync("PUBLISH will=gone q1 id=1");
        broker.Time.AdvanceSeconds(40);
        await watcher.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_client_that_comes_back_within_the_delay_cancels_its_will()
    {
        await using var broker = TestBroker.Start();
        var watcher = await WatchAsync(broker);
        Props kept = new() { { SessionExpiryInterval, 60 } };
        var will = Gone with { Properties = new() { { WillDelayInterval, 30 } } };
        await broker.VanishAsync(await broker.ConnectAsync("a", will: will, props: kept));
        broker.Time.AdvanceSeconds(29);
        await broker.ConnectAsync("a", clean: false, present: true, props: kept);
        broker.Time.AdvanceSeconds(60);
        await watcher.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_takeover_cancels_a_delayed_will_unless_it_ends_the_session()
    {
        await using var broker = TestBroker.Start();
        var watcher = await WatchAsync(broker);
        Props kept = new() { { SessionExpiryInterval, 60 } };
        var will = Gone with { Properties = new() { { WillDelayInterval, 30 } } };
        await broker.ConnectAsync("a", will: will, props: kept);
        await broker.ConnectAsync("a", clean: false, present: true, will: will, props: kept);
        await watcher.ExpectNothingAsync();
        await broker.ConnectAsync("a", clean: true, present: false);
        await watcher.ExpectAsync("PUBLISH will=gone q1 id=1");
    }

    [Theory]
    [InlineData(10)]
    [InlineData(0)]
    public async Task A_session_that_ends_before_the_delay_sends_its_will(int expiry)
    {
        await using var broker = TestBroker.Start();
        var watcher = await WatchAsync(broker);
        var will = Gone with { Properties = new() { { WillDelayInterval, 3600 } } };
        await broker.VanishAsync(await broker.ConnectAsync("a", will: will, props: new() { { SessionExpiryInterval, expiry } }));
        if (expiry > 0)
            await watcher.ExpectNothingAsync();
        broker.Time.AdvanceSeconds(expiry + 1);
        await watcher.ExpectAsync("PUBLISH will=gone q1 id=1");
        broker.Broker.SessionCount.ShouldBe(1);
    }

    [Fact]
    public async Task A_clean_start_while_the_will_waits_ends_the_session_and_sends_it()
    {
        await using var broker = TestBroker.Start();
        var watcher = await WatchAsync(broker);
        var will = Gone with { Properties = new() { { WillDelayInterval, 30 } } };
        await broker.VanishAsync(await broker.ConnectAsync("a", will: will, props: new() { { SessionExpiryInterval, 60 } }));
        await broker.ConnectAsync("a", clean: true, present: false);
        await watcher.ExpectAsync("PUBLISH will=gone q1 id=1");
    }

    [Fact]
    public async Task A_will_has_properties_and_an_expiry_that_begins_when_it_is_sent()
    {
        await using var broker = TestBroker.Start();
        var watcher = await WatchAsync(broker);
        var will = Gone with
        {
            Properties = new() { { WillDelayInterval, 30 }, { MessageExpiryInterval, 20 }, { ContentType, "text" }, { ResponseTopic, "r" }, { "name", "value" } },
        };
        await broker.VanishAsync(await broker.ConnectAsync("a", will: will, props: new() { { SessionExpiryInterval, 60 } }));
        broker.Time.AdvanceSeconds(31);
        await watcher.ExpectAsync("PUBLISH will=gone q1 id=1 {ContentType=text, ResponseTopic=r, name:value, MessageExpiryInterval=20}");
    }

    [Fact]
    public async Task A_will_can_be_retained()
    {
        await using var broker = TestBroker.Start();
        await broker.VanishAsync(await broker.ConnectAsync("a", MqttVersion.V311, will: Gone with { Retain = true }));
        var watcher = await WatchAsync(broker);
        await watcher.ExpectAsync("PUBLISH will=gone q1 id=1 retain");
    }

    [Fact]
    public async Task A_new_connection_brings_its_own_will_or_none()
    {
        await using var broker = TestBroker.Start();
        var watcher = await WatchAsync(broker, qos: 0);
        await broker.ConnectAsync("a", will: Gone with { Payload = "first" });
        var second = await broker.ConnectAsync("a", will: Gone with { Payload = "second" });
        await watcher.ExpectAsync("PUBLISH will=first q0");
        second.Dispose();
        await watcher.ExpectAsync("PUBLISH will=second q0");
        await broker.VanishAsync(await broker.ConnectAsync("a"));
        await watcher.ExpectNothingAsync();
    }

    [Theory]
    [InlineData("a/#")]
    [InlineData("")]
    [InlineData("$SYS/broker/version")]
    [InlineData("1/2/3/4")]
    public async Task A_will_topic_that_cannot_be_published_to_is_refused(string topic)
    {
        await using var broker = TestBroker.Start(new() { MaxTopicLevels = 3 });
        var client = broker.Open();
        (await client.ConnectAsync("a", will: new WillSpec(topic, "x"))).ToString().ShouldBe("CONNACK 0x90");
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task A_will_is_subject_to_the_rules_when_it_is_set_and_when_it_is_sent()
    {
        await using var broker = TestBroker.Start();
        var watcher = await WatchAsync(broker);
        broker.Access.Publish = (_, topic) => topic != "will";
        (await broker.Open().ConnectAsync("a", will: Gone)).ToString().ShouldBe("CONNACK 0x87");
        broker.Access.Publish = (_, _) => true;
        var client = await broker.ConnectAsync("a", will: Gone);
        broker.Access.Publish = (_, topic) => topic != "will";
        await broker.VanishAsync(client);
        await watcher.ExpectNothingAsync();
        broker.Broker.Statistics.Dropped(DropReason.NotAuthorized).ShouldBe(1);
    }
}
