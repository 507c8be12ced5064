using TelemetryHub.Mqtt.Properties;

namespace TelemetryHub.Mqtt.Tests.Properties;

public class PropertyWriterTests
{
    [Fact]
    public void Properties_are_written_as_the_wire_has_them()
    {
        using var writer = new PropertyWriter([]);
        writer.Number(PropertyId.MaximumQoS, 1);
        writer.Number(PropertyId.TopicAlias, 0x1234);
        writer.Number(PropertyId.SessionExpiryInterval, 0x12345678);
        writer.Number(PropertyId.SubscriptionIdentifier, 128);
        writer.Text(PropertyId.ReasonString, "é");
        writer.Text(PropertyId.CorrelationData, [0xFF]);
        writer.UserProperty("a", "bc");
        writer.Raw([0x01, 0x01]);
        Convert.ToHexString(writer.Written).ShouldBe(
            "2401" + "231234" + "1112345678" + "0B8001" + "1F0002C3A9" + "090001FF" + "2600016100026263" + "0101");
    }

    [Fact]
    public void It_grows_beyond_the_memory_it_was_given()
    {
        using var writer = new PropertyWriter(stackalloc byte[16]);
        for (var i = 0; i < 1_000; i++)
            writer.UserProperty("name"u8, "value"u8);
        var count = 0;
        foreach (var property in PropertyList.FromValidated(writer.Written))
        {
            property.Bytes.SequenceEqual("name"u8).ShouldBeTrue();
            property.Value.SequenceEqual("value"u8).ShouldBeTrue();
            count++;
        }

        count.ShouldBe(1_000);
    }

    [Fact]
    public void A_value_that_does_not_fit_its_property_is_a_bug()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Write((ref PropertyWriter w) => w.Number(PropertyId.ContentType, 1)));
        Should.Throw<ArgumentOutOfRangeException>(() => Write((ref PropertyWriter w) => w.Text(PropertyId.TopicAlias, "x")));
        Should.Throw<ArgumentOutOfRangeException>(() => Write((ref PropertyWriter w) => w.Text(PropertyId.ContentType, new byte[65_536])));
        Should.Throw<ArgumentOutOfRangeException>(() =>
            Write((ref PropertyWriter w) => w.Number(PropertyId.SubscriptionIdentifier, 268_435_456)));
        Should.Throw<OverflowException>(() => Write((ref PropertyWriter w) => w.Number(PropertyId.TopicAlias, 65_536)));
    }

    private delegate void Writing(ref PropertyWriter writer);

    private static void Write(Writing write)
    {
        var writer = new PropertyWriter(stackalloc byte[16]);
        write(ref writer);
        writer.Dispose();
    }
}
