using TelemetryHub.Broker;
using TelemetryHub.Mqtt;
using TelemetryHub.Server.Feeds.Publishing;

namespace TelemetryHub.Server.Tests.Feeds.Publishing;

public class PublisherTests
{
    [Fact]
    public void A_publish_is_an_event_like_any_other()
    {
        var setup = new PublishSetup();

        setup.TryPublish("plant/1/temp", "21.5", QoS.ExactlyOnce, retain: true).ShouldBe(PublishStatus.Taken);
        setup.Publisher.Route();

        var published = setup.Log.Appended.ShouldHaveSingleItem();
        published.Topic.Name.ToString().ShouldBe("plant/1/temp");
        published.Payload.ShouldBe("21.5"u8.ToArray());
        published.QoS.ShouldBe(QoS.ExactlyOnce);
        published.Publisher.ShouldBe(PublishSetup.Somebody);
        published.Time.ShouldBeGreaterThan(0);
        published.Topic.Latest.ShouldBe(published);
        setup.Router.RetainedCount.ShouldBe(1);
    }

    [Theory]
    [InlineData("", PublishStatus.NoTopic)]
    [InlineData("a/+/b", PublishStatus.NoTopic)]
    [InlineData("a/#", PublishStatus.NoTopic)]
    [InlineData("a\0b", PublishStatus.NoTopic)]
    [InlineData("$SYS/uptime", PublishStatus.ReservedTopic)]
    [InlineData("$SYS/broker/connection/bridge/state", PublishStatus.Taken)]
    [InlineData("$other/x", PublishStatus.Taken)]
    [InlineData("/", PublishStatus.Taken)]
    [InlineData("/a//b/", PublishStatus.Taken)]
    [InlineData("a/b/c/d", PublishStatus.TopicTooLong)]
    [InlineData("0123456789012345678901234567890123456789", PublishStatus.TopicTooLong)]
    [InlineData("forbidden/x", PublishStatus.Forbidden)]
    internal void A_topic_is_checked_as_that_of_a_PUBLISH(string topic, PublishStatus expected)
    {
        var setup = new PublishSetup(new BrokerOptions { MaxTopicBytes = 39, MaxTopicLevels = topic == "a/b/c/d" ? 3 : 32 });

        setup.TryPublish(topic).ShouldBe(expected);

        setup.Log.Appended.Count.ShouldBe(expected == PublishStatus.Taken ? 1 : 0);
    }

    [Fact]
    public void A_payload_may_be_as_large_as_a_packet()
    {
        var setup = new PublishSetup(new BrokerOptions { MaxPacketBytes = 1000 });

        setup.TryPublish("t", new string('x', 999)).ShouldBe(PublishStatus.Taken);
        setup.TryPublish("t", new string('x', 1000)).ShouldBe(PublishStatus.TooLarge);
    }

    [Fact]
    public void A_retained_message_needs_room_and_removing_one_does_not()
    {
        var setup = new PublishSetup(new BrokerOptions { MaxRetainedBytes = 1 });
        setup.TryPublish("t/1", retain: true).ShouldBe(PublishStatus.Taken);
        setup.Publisher.Route();

        setup.TryPublish("t/2", retain: true).ShouldBe(PublishStatus.RetainedFull);
        setup.TryPublish("t/1", "", retain: true).ShouldBe(PublishStatus.Taken);
        setup.Publisher.Route();

        setup.Router.RetainedCount.ShouldBe(0);
    }

    [Fact]
    public void A_log_that_keeps_nothing_refuses()
    {
        var setup = new PublishSetup();
        setup.Log.Refuse();

        setup.TryPublish("t").ShouldBe(PublishStatus.NotKept);
        setup.TryPublish("t", qos: QoS.AtMostOnce).ShouldBe(PublishStatus.Taken);
    }
}
