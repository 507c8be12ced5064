using FsCheck;
using FsCheck.Fluent;
using TelemetryHub.Mqtt.Packets;

namespace TelemetryHub.Mqtt.Tests.Packets;

public class RoundTripTests
{
    [Theory]
    [MemberData(nameof(TypesAndVersions))]
    public void What_is_written_reads_back_as_the_same_packet_and_writes_the_same_bytes(PacketType type, MqttVersion version) =>
        Prop.ForAll(PacketGenerators.Of(type, version).ToArbitrary(), sample =>
        {
            var output = new FixedBuffer(sample.Bytes.Length);
            var sink = new PacketSink { Rewritten = output, Describes = true };
            AnyPacket.TryRead(sample.Bytes, version, sink).ShouldBe(ProtocolFault.None);
            sink.Text.ShouldBe(sample.Text);
            Convert.ToHexString(output.Written).ShouldBe(Convert.ToHexString(sample.Bytes));
            output.Advances.ShouldBe(1);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Theory]
    [MemberData(nameof(TypesAndVersions))]
    public void A_body_that_ends_early_is_a_fault_or_another_valid_packet_but_never_an_exception(PacketType type, MqttVersion version) =>
        Prop.ForAll(PacketGenerators.Of(type, version).ToArbitrary(), sample =>
        {
            Framing.TryReadHeader(sample.Bytes, int.MaxValue, out var header, out _).ShouldBe(ReadStatus.Complete);
            var sink = new PacketSink { Describes = true };
            for (var length = 0; length < header.BodyBytes; length++)
                AnyPacket.TryRead(header, sample.Bytes.AsSpan(header.HeaderBytes, length), version, sink);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(50));

    [Fact]
    public void A_payload_may_make_the_packet_as_large_as_the_wire_allows()
    {
        foreach (var size in (int[])[127 - 3, 128 - 3, 16_383 - 3, 16_384 - 3, 2_097_151 - 3, 2_097_152 - 3])
        {
            var sample = SamplePacket.Of(MqttVersion.V311, new PublishPacket { Topic = "a"u8, Payload = new byte[size] });
            var sink = new PacketSink { Describes = true };
            AnyPacket.TryRead(sample.Bytes, MqttVersion.V311, sink).ShouldBe(ProtocolFault.None);
            sink.Text.Length.ShouldBe(sample.Text.Length);
        }
    }

    [Fact]
    public void What_cannot_be_said_on_the_wire_is_a_bug_of_the_caller()
    {
        var output = new FixedBuffer(100_000);
        Should.Throw<ArgumentOutOfRangeException>(() => new PublishPacket { Topic = new byte[65_536] }.Write(output, MqttVersion.V5));
        Should.Throw<ArgumentOutOfRangeException>(() => SubscribePacket.Write(output, MqttVersion.V5, 1, default, []));
        Should.Throw<ArgumentOutOfRangeException>(() => UnsubscribePacket.Write(output, MqttVersion.V5, 1, default, []));
        Should.Throw<NotSupportedException>(() => new AuthPacket().Write(output, MqttVersion.V311));
        output.Length.ShouldBe(0);
    }

    public static TheoryData<PacketType, MqttVersion> TypesAndVersions()
    {
        var data = new TheoryData<PacketType, MqttVersion>();
        foreach (var version in Enum.GetValues<MqttVersion>())
        {
            foreach (var type in Enum.GetValues<PacketType>().Where(type => PacketGenerators.Exists(type, version)))
                data.Add(type, version);
        }

        return data;
    }
}
