using TelemetryHub.Mqtt.Packets;

namespace TelemetryHub.Mqtt.Tests.Packets;

public class MalformedPacketTests
{
    [Theory]
    [MemberData(nameof(MalformedPackets.Rows), MemberType = typeof(MalformedPackets))]
    public void Every_wrong_packet_has_a_name(MqttVersion version, string script, ProtocolFault expected)
    {
        var bytes = PacketScript.Parse(script);
        AnyPacket.TryRead(bytes, version, PacketSink.Nothing).ShouldBe(expected);
    }

    [Theory]
    [InlineData("10 .. \"MQTT\" 04 03 003C \"c\"", MqttVersion.V311)]
    [InlineData("10 .. \"MQTT\" 05 03 003C \"c\"", MqttVersion.V5)]
    [InlineData("10 .. \"MQTT\" 06 02 003C \"c\"", MqttVersion.V5)]
    [InlineData("10 .. \"MQTT\" 7F 02 003C \"c\"", MqttVersion.V5)]
    [InlineData("10 .. \"MQTT\" 02 02 003C \"c\"", MqttVersion.V311)]
    [InlineData("10 .. \"MQIsdp\" 03 42 003C \"c\"", MqttVersion.V31)]
    [InlineData("10 .. \"HTTP\" 05 02 003C \"c\"", MqttVersion.V5)]
    [InlineData("10 .. \"MQ\"", MqttVersion.V311)]
    public void A_refused_client_is_answered_in_a_version_that_it_understands(string script, MqttVersion version)
    {
        ConnectPacket.TryRead(0, PacketScript.Parse(script).AsSpan(2), out var packet).ShouldNotBe(ProtocolFault.None);
        packet.Version.ShouldBe(version);
    }

    [Theory]
    [InlineData(ProtocolFault.None, ReasonCode.Success)]
    [InlineData(ProtocolFault.Truncated, ReasonCode.MalformedPacket)]
    [InlineData(ProtocolFault.ReservedFlags, ReasonCode.MalformedPacket)]
    [InlineData(ProtocolFault.UnknownProperty, ReasonCode.MalformedPacket)]
    [InlineData(ProtocolFault.DuplicateProperty, ReasonCode.ProtocolError)]
    [InlineData(ProtocolFault.PacketIdZero, ReasonCode.ProtocolError)]
    [InlineData(ProtocolFault.UnsupportedProtocolVersion, ReasonCode.UnsupportedProtocolVersion)]
    [InlineData(ProtocolFault.InvalidTopicName, ReasonCode.TopicNameInvalid)]
    [InlineData(ProtocolFault.TopicAliasZero, ReasonCode.TopicAliasInvalid)]
    [InlineData(ProtocolFault.PacketTooLarge, ReasonCode.PacketTooLarge)]
    public void A_fault_has_the_reason_code_of_the_specification(ProtocolFault fault, ReasonCode reason) =>
        fault.ToReasonCode().ShouldBe(reason);

    [Fact]
    public void Every_fault_has_a_failing_reason_code_and_a_row_that_shows_it()
    {
        var shown = MalformedPackets.Rows().Select(row => row.Data.Item3).ToHashSet();
        foreach (var fault in Enum.GetValues<ProtocolFault>().Where(fault => fault != ProtocolFault.None))
        {
            fault.ToReasonCode().IsFailure().ShouldBeTrue(fault.ToString());

            // The size limit is the reader's, shown by the framing tests; the other two are the broker's.
            (shown.Contains(fault) || fault is ProtocolFault.PacketTooLarge or ProtocolFault.UnexpectedPacket or ProtocolFault.ExpiryOfEndedSession)
                .ShouldBeTrue(fault.ToString());
        }
    }
}
