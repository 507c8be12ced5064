namespace TelemetryHub.Mqtt;

/// <summary>What an MQTT 5 peer is told about a fault.</summary>
public static class ProtocolFaults
{
    /// <summary>The reason code for CONNACK or DISCONNECT (MQTT 5 §4.13): malformed unless the specification says otherwise.</summary>
    public static ReasonCode ToReasonCode(this ProtocolFault fault) => fault switch
    {
        ProtocolFault.None => ReasonCode.Success,
        ProtocolFault.PacketTooLarge => ReasonCode.PacketTooLarge,
        ProtocolFault.InvalidTopicName or ProtocolFault.EmptyWillTopic => ReasonCode.TopicNameInvalid,
        ProtocolFault.TopicAliasZero => ReasonCode.TopicAliasInvalid,
        ProtocolFault.UnsupportedProtocolName or ProtocolFault.UnsupportedProtocolVersion => ReasonCode.UnsupportedProtocolVersion,
        ProtocolFault.EmptyTopic or ProtocolFault.InvalidResponseTopic or ProtocolFault.PacketIdZero or ProtocolFault.EmptySubscription
            or ProtocolFault.InvalidRequestedQoS or ProtocolFault.InvalidRetainHandling or ProtocolFault.NoLocalOnSharedSubscription
            or ProtocolFault.DuplicateProperty or ProtocolFault.PropertyOutOfRange or ProtocolFault.AuthDataWithoutMethod
            or ProtocolFault.AuthMethodMissing or ProtocolFault.InvalidReasonCode or ProtocolFault.SessionPresentOnRefusal
            or ProtocolFault.UnexpectedPacket or ProtocolFault.ExpiryOfEndedSession
            => ReasonCode.ProtocolError,
        _ => ReasonCode.MalformedPacket,
    };
}
