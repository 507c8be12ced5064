using FsCheck;
using FsCheck.Fluent;
using TelemetryHub.Mqtt.Packets;
using TelemetryHub.Mqtt.Properties;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Mqtt.Tests.Packets;

/// <summary>The budget is nothing: views in, bytes out.</summary>
public class AllocationTests
{
    [Theory]
    [MemberData(nameof(RoundTripTests.TypesAndVersions), MemberType = typeof(RoundTripTests))]
    public void Reading_and_writing_a_packet_allocates_nothing(PacketType type, MqttVersion version)
    {
        foreach (var sample in PacketGenerators.Of(type, version).Sample(5, 20))
        {
            var output = new FixedBuffer(sample.Bytes.Length);
            var sink = new PacketSink { Rewritten = output };
            AllocatedBytes.ByWarm(() =>
            {
                output.Clear();
                AnyPacket.TryRead(sample.Bytes, version, sink);
            }).ShouldBe(0, sample.ToString());
            output.Length.ShouldBe(sample.Bytes.Length);
        }
    }

    [Fact]
    public void Writing_requests_allocates_nothing()
    {
        var output = new FixedBuffer(200);
        SubscriptionRequest[] requests = [new(TopicFilter.Parse("a/#"), QoS.AtLeastOnce), new(TopicFilter.Parse("b"), QoS.AtMostOnce)];
        TopicFilter[] filters = [.. requests.Select(request => request.Filter)];
        AllocatedBytes.ByWarm(() =>
        {
            output.Clear();
            SubscribePacket.Write(output, MqttVersion.V5, 1, default, requests);
            UnsubscribePacket.Write(output, MqttVersion.V5, 2, default, filters);
        }).ShouldBe(0);
    }

    [Fact]
    public void Walking_properties_and_entries_allocates_nothing()
    {
        var body = PacketScript.Parse("0001 0E 0B 07 26 \"n\" \"v\" 26 0000 0000 \"a\" 01 \"b\" 02");
        var total = 0;
        AllocatedBytes.ByWarm(() =>
        {
            SubscribePacket.TryRead(2, body, MqttVersion.V5, out var packet);
            foreach (var property in packet.Properties)
                total += property.Encoded.Length;
            foreach (var entry in packet.Entries)
                total += entry.Filter.Length;
        }).ShouldBe(0);
        total.ShouldBe(100 * 16);
    }

    [Fact]
    public void Collecting_properties_in_the_callers_memory_allocates_nothing() => AllocatedBytes.ByWarm(() =>
    {
        using var writer = new PropertyWriter(stackalloc byte[64]);
        writer.Number(PropertyId.MessageExpiryInterval, 60);
        writer.Text(PropertyId.ContentType, "text/plain"u8);
        writer.UserProperty("name"u8, "value"u8);
    }).ShouldBe(0);

    [Fact]
    public void Checking_a_topic_allocates_nothing() =>
        AllocatedBytes.ByWarm(() => TopicName.IsValid("plant/line/sensor/é"u8)).ShouldBe(0);
}
