using TelemetryHub.Mqtt.Packets;
using TelemetryHub.Mqtt.Properties;

namespace TelemetryHub.Mqtt.Client.Connections;

/// <summary>What CONNACK says, with the defaults of MQTT 5 §3.2.2.3 where it says nothing.</summary>
internal static class ConnAckReading
{
    public static ConnectResult ToResult(this ConnAckPacket packet, MqttClientOptions options, ConnectAttempt attempt)
    {
        var properties = packet.Properties;
        return new ConnectResult
        {
            SessionPresent = packet.SessionPresent,
            Reason = packet.Reason,
            ClientId = properties.Text(PropertyId.AssignedClientIdentifier) ?? attempt.ClientId,
            SessionExpirySeconds = properties.Number(PropertyId.SessionExpiryInterval, options.SessionExpirySeconds),
            ReceiveMaximum = (ushort)properties.Number(PropertyId.ReceiveMaximum, ushort.MaxValue),
            MaximumQoS = (QoS)properties.Number(PropertyId.MaximumQoS, (uint)QoS.ExactlyOnce),
            RetainAvailable = properties.Flag(PropertyId.RetainAvailable),
            MaximumPacketBytes = properties.Number(PropertyId.MaximumPacketSize, uint.MaxValue),
            TopicAliasMaximum = (ushort)properties.Number(PropertyId.TopicAliasMaximum, 0),
            KeepAlive = properties.TryGetNumber(PropertyId.ServerKeepAlive, out var seconds)
                ? TimeSpan.FromSeconds(seconds)
                : options.KeepAlive,
            WildcardSubscriptionsAvailable = properties.Flag(PropertyId.WildcardSubscriptionAvailable),
            SubscriptionIdentifiersAvailable = properties.Flag(PropertyId.SubscriptionIdentifierAvailable),
            SharedSubscriptionsAvailable = properties.Flag(PropertyId.SharedSubscriptionAvailable),
            ResponseInformation = properties.Text(PropertyId.ResponseInformation),
            ServerReference = properties.Text(PropertyId.ServerReference),
            ReasonString = properties.Text(PropertyId.ReasonString),
            UserProperties = properties.UserProperties(),
        };
    }
}
