using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TelemetryHub.Mqtt.Packets;
using TelemetryHub.Mqtt.Properties;
using TelemetryHub.Mqtt.Tests.Properties;
using TelemetryHub.Mqtt.Tests.Topics;

namespace TelemetryHub.Mqtt.Tests.Packets;

/// <summary>Valid packets of every type in every version.</summary>
internal static class PacketGenerators
{
    private static readonly Gen<bool> Flag = Gen.Elements(true, false);
    public static readonly Gen<int> Id = Gen.Elements(1, 2, 255, 256, 65_535);
    private static readonly Gen<byte[]> Topic = TopicGenerators.Topic.Select(Encoding.UTF8.GetBytes);

    public static Gen<SamplePacket> Any { get; } =
        from version in Gen.Elements(Enum.GetValues<MqttVersion>())
        from type in Gen.Elements(Enum.GetValues<PacketType>().Where(type => Exists(type, version)).ToArray())
        from sample in Of(type, version)
        select sample;

    public static bool Exists(PacketType type, MqttVersion version) => type != PacketType.Auth || version == MqttVersion.V5;

    public static Gen<SamplePacket> Of(PacketType type, MqttVersion version) => type switch
    {
        PacketType.Connect => Connect(version),
        PacketType.ConnAck => ConnAck(version),
        PacketType.Publish => Publish(version),
        PacketType.Subscribe => SubscriptionGenerators.Subscribe(version),
        PacketType.Unsubscribe => SubscriptionGenerators.Unsubscribe(version),
        PacketType.SubAck => SubscriptionGenerators.SubAck(version),
        PacketType.UnsubAck => SubscriptionGenerators.UnsubAck(version),
        PacketType.PingReq => Gen.Constant(SamplePacket.Of(type, version, 0, (_, o, _) => PingPacket.WriteRequest(o), _ => "ping")),
        PacketType.PingResp => Gen.Constant(SamplePacket.Of(type, version, 0, (_, o, _) => PingPacket.WriteResponse(o), _ => "pong")),
        PacketType.Disconnect => Disconnect(version),
        PacketType.Auth => Auth(),
        _ => Ack(type, version),
    };

    public static Gen<byte[]> Properties(MqttVersion version, PropertyScope scope) =>
        version == MqttVersion.V5 ? PropertyGenerators.In(scope) : Gen.Constant(Array.Empty<byte>());

    public static PropertyList List(byte[] raw) => PropertyList.FromValidated(raw);

    private static Gen<ReasonCode> Reason(PacketType type, MqttVersion version)
    {
        if (version == MqttVersion.V5)
            return Gen.Elements(Enum.GetValues<ReasonCode>().Where(code => code.IsAllowedIn(type)).ToArray());
        return type == PacketType.ConnAck
            ? Gen.Elements(
                ReasonCode.Success, ReasonCode.UnsupportedProtocolVersion, ReasonCode.ClientIdentifierNotValid,
                ReasonCode.ServerUnavailable, ReasonCode.BadUserNameOrPassword, ReasonCode.NotAuthorized)
            : Gen.Constant(ReasonCode.Success);
    }

    private static Gen<SamplePacket> Connect(MqttVersion version) =>
        from flags in Flag.ArrayOf(6)
        from alive in Gen.Choose(0, 65_535)
        from qos in Gen.Choose(0, 2)
        from texts in PropertyGenerators.Text.ArrayOf(2)
        from binaries in PropertyGenerators.Binary.ArrayOf(2)
        from topic in Topic
        from properties in Properties(version, PropertyScope.Connect)
        from willProperties in Properties(version, PropertyScope.Will)
        let will = flags[1]
        let password = flags[4] && (flags[3] || version == MqttVersion.V5)
        select SamplePacket.Of(new ConnectPacket
        {
            Version = version,
            IsBridge = flags[5] && version != MqttVersion.V5,
            CleanStart = flags[0],
            KeepAlive = (ushort)alive,
            ClientId = texts[0],
            HasWill = will,
            WillQoS = will ? (QoS)qos : QoS.AtMostOnce,
            WillRetain = will && flags[2],
            WillTopic = will ? topic : default,
            WillPayload = will ? binaries[0] : default,
            WillProperties = will ? List(willProperties) : default,
            HasUserName = flags[3],
            UserName = flags[3] ? texts[1] : default,
            HasPassword = password,
            Password = password ? binaries[1] : default,
            Properties = List(properties),
        });

    private static Gen<SamplePacket> ConnAck(MqttVersion version) =>
        from reason in Reason(PacketType.ConnAck, version)
        from present in Flag
        from properties in Properties(version, PropertyScope.ConnAck)
        select SamplePacket.Of(version, new ConnAckPacket
        {
            SessionPresent = present && reason == ReasonCode.Success && version != MqttVersion.V31,
            Reason = reason,
            Properties = List(properties),
        });

    private static Gen<SamplePacket> Publish(MqttVersion version) =>
        from flags in Flag.Two()
        from qos in Gen.Choose(0, 2)
        from id in Id
        from name in Topic
        from payload in PropertyGenerators.Binary
        from properties in Properties(version, PropertyScope.Publish)
        from alone in Flag
        let hasAlias = List(properties).TryGetNumber(PropertyId.TopicAlias, out _)
        select SamplePacket.Of(version, new PublishPacket
        {
            Dup = qos > 0 && flags.Item1,
            QoS = (QoS)qos,
            Retain = flags.Item2,
            PacketId = (ushort)(qos > 0 ? id : 0),
            Topic = alone && hasAlias ? default : name,
            Payload = payload,
            Properties = List(properties),
        });

    private static Gen<SamplePacket> Ack(PacketType type, MqttVersion version) =>
        from id in Id
        from reason in Reason(type, version)
        from properties in Properties(version, (PropertyScope)type)
        from bare in Flag
        select SamplePacket.Of(version, new AckPacket
        {
            Type = type,
            PacketId = (ushort)id,
            Reason = reason,
            Properties = bare ? default : List(properties),
        });

    private static Gen<SamplePacket> Disconnect(MqttVersion version) =>
        from reason in Reason(PacketType.Disconnect, version)
        from properties in Properties(version, PropertyScope.Disconnect)
        from bare in Flag
        select SamplePacket.Of(
            PacketType.Disconnect,
            version,
            new DisconnectPacket { Reason = reason, Properties = bare ? default : List(properties) },
            (p, o, v) => p.Write(o, v),
            PacketText.Of);

    private static Gen<SamplePacket> Auth() =>
        from reason in Reason(PacketType.Auth, MqttVersion.V5)
        from properties in Properties(MqttVersion.V5, PropertyScope.Auth)
        where reason == ReasonCode.Success || List(properties).TryGetBytes(PropertyId.AuthenticationMethod, out _)
        select SamplePacket.Of(
            PacketType.Auth,
            MqttVersion.V5,
            new AuthPacket { Reason = reason, Properties = List(properties) },
            (p, o, v) => p.Write(o, v),
            PacketText.Of);
}
