using TelemetryHub.Broker.Connections;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Packets;
using TelemetryHub.Mqtt.Properties;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Broker.Wills;

/// <summary>The will of a CONNECT whose sender is not known yet.</summary>
internal sealed class WillOffer
{
    private readonly Topic _topic;
    private readonly byte[] _payload;
    private readonly byte[]? _properties;
    private readonly QoS _qos;
    private readonly bool _retain;
    private readonly uint _delaySeconds;
    private readonly uint? _expirySeconds;

    private WillOffer(Topic topic, in ConnectPacket packet)
    {
        (_topic, _payload, _qos, _retain) = (topic, packet.WillPayload.ToArray(), packet.WillQoS, packet.WillRetain);
        _properties = ForwardedProperties.From(packet.WillProperties, now: 0, out _);
        if (packet.WillProperties.TryGetNumber(PropertyId.MessageExpiryInterval, out var expiry))
            _expirySeconds = expiry;
        packet.WillProperties.TryGetNumber(PropertyId.WillDelayInterval, out _delaySeconds);
    }

    /// <summary>Checks the will as a publish would be.</summary>
    public static ReasonCode TryRead(in ConnectPacket packet, MqttBroker broker, out WillOffer? will)
    {
        will = null;
        if (!TopicName.TryParse(packet.WillTopic, out var name) || name.Levels > broker.Options.MaxTopicLevels
            || name.Utf8.Length > broker.Options.MaxTopicBytes || ReservedTopics.Contains(name.Utf8))
            return ReasonCode.TopicNameInvalid;
        will = new WillOffer(broker.Topics.Get(name), packet);
        return ReasonCode.Success;
    }

    public Will ToWill(Principal publisher) => new()
    {
        Topic = _topic,
        Payload = _payload,
        Publisher = publisher,
        Properties = _properties,
        QoS = _qos,
        Retain = _retain,
        DelaySeconds = _delaySeconds,
        ExpirySeconds = _expirySeconds,
    };
}
