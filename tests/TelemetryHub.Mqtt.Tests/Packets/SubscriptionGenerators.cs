using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using TelemetryHub.Mqtt.Packets;
using TelemetryHub.Mqtt.Properties;
using TelemetryHub.Mqtt.Tests.Topics;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Mqtt.Tests.Packets;

/// <summary>SUBSCRIBE, UNSUBSCRIBE and their acks. The requests are described from what was asked, not from what was written.</summary>
internal static class SubscriptionGenerators
{
    private static readonly Gen<SubscriptionRequest> Request =
        from filter in TopicGenerators.Filter.Select(TopicFilter.Parse)
        from qos in Gen.Choose(0, 2)
        from noLocal in Gen.Elements(true, false)
        from asPublished in Gen.Elements(true, false)
        from handling in Gen.Choose(0, 2)
        select new SubscriptionRequest(filter, (QoS)qos, noLocal && !filter.IsShared, asPublished, (byte)handling);

    public static Gen<SamplePacket> Subscribe(MqttVersion version) =>
        from id in PacketGenerators.Id
        from properties in PacketGenerators.Properties(version, PropertyScope.Subscribe)
        from requests in Request.NonEmptyListOf()
        let written = version == MqttVersion.V5 ? requests : [.. requests.Select(r => new SubscriptionRequest(r.Filter, r.QoS))]
        select SamplePacket.Of(
            PacketType.Subscribe,
            version,
            0,
            (_, o, v) => SubscribePacket.Write(o, v, (ushort)id, properties, [.. requests]),
            _ => $"subscribe id={id} [{PacketText.Of(PacketGenerators.List(properties))}]" + string.Concat(written.Select(Text)));

    public static Gen<SamplePacket> Unsubscribe(MqttVersion version) =>
        from id in PacketGenerators.Id
        from properties in PacketGenerators.Properties(version, PropertyScope.Unsubscribe)
        from filters in TopicGenerators.Filter.Select(TopicFilter.Parse).NonEmptyListOf()
        select SamplePacket.Of(
            PacketType.Unsubscribe,
            version,
            0,
            (_, o, v) => UnsubscribePacket.Write(o, v, (ushort)id, properties, [.. filters]),
            _ => $"unsubscribe id={id} [{PacketText.Of(PacketGenerators.List(properties))}]"
                + string.Concat(filters.Select(filter => " " + Convert.ToHexString(filter.Utf8))));

    public static Gen<SamplePacket> SubAck(MqttVersion version) =>
        from id in PacketGenerators.Id
        from properties in PacketGenerators.Properties(version, PropertyScope.SubAck)
        from reasons in Reasons(PacketType.SubAck, version).NonEmptyListOf()
        select SamplePacket.Of(
            PacketType.SubAck,
            version,
            new SubAckPacket { PacketId = (ushort)id, Properties = PacketGenerators.List(properties), Reasons = reasons.ToArray() },
            (p, o, v) => p.Write(o, v),
            PacketText.Of);

    public static Gen<SamplePacket> UnsubAck(MqttVersion version) =>
        from id in PacketGenerators.Id
        from properties in PacketGenerators.Properties(version, PropertyScope.UnsubAck)
        from reasons in Reasons(PacketType.UnsubAck, MqttVersion.V5).NonEmptyListOf()
        let written = version == MqttVersion.V5 ? reasons.ToArray() : []
        select SamplePacket.Of(
            PacketType.UnsubAck,
            version,
            new UnsubAckPacket { PacketId = (ushort)id, Properties = PacketGenerators.List(properties), Reasons = written },
            (p, o, v) => p.Write(o, v),
            PacketText.Of);

    private static Gen<byte> Reasons(PacketType type, MqttVersion version) =>
        version == MqttVersion.V5
            ? Gen.Elements(Enum.GetValues<ReasonCode>().Where(code => code.IsAllowedIn(type)).Select(code => (byte)code).ToArray())
            : Gen.Elements<byte>(0, 1, 2, 0x80);

    private static string Text(SubscriptionRequest request) =>
        $" {Convert.ToHexString(request.Filter.Utf8)} {request.QoS} local={!request.NoLocal}"
        + $" published={request.RetainAsPublished} {request.RetainHandling}";
}
