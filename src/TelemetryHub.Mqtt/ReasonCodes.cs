using static TelemetryHub.Mqtt.ReasonCode;

namespace TelemetryHub.Mqtt;

/// <summary>Which reason codes a packet may carry, and what they become in MQTT 3.</summary>
public static class ReasonCodes
{
    /// <summary>True for 0x80 and above.</summary>
    public static bool IsFailure(this ReasonCode code) => (byte)code >= 0x80;

    /// <summary>Whether MQTT 5 allows the code in a packet of this type (the table of §2.4).</summary>
    public static bool IsAllowedIn(this ReasonCode code, PacketType packet) => packet switch
    {
        PacketType.ConnAck => code is Success or (>= UnspecifiedError and <= Banned) or BadAuthenticationMethod or TopicNameInvalid
            or PacketTooLarge or QuotaExceeded or (>= PayloadFormatInvalid and <= ServerMoved) or ConnectionRateExceeded,
        PacketType.PubAck or PacketType.PubRec => code is Success or NoMatchingSubscribers or UnspecifiedError
            or ImplementationSpecificError or NotAuthorized or TopicNameInvalid or PacketIdentifierInUse or QuotaExceeded
            or PayloadFormatInvalid,
        PacketType.PubRel or PacketType.PubComp => code is Success or PacketIdentifierNotFound,
        PacketType.SubAck => code is <= GrantedQoS2 or UnspecifiedError or ImplementationSpecificError or NotAuthorized
            or TopicFilterInvalid or PacketIdentifierInUse or QuotaExceeded or SharedSubscriptionsNotSupported
            or SubscriptionIdentifiersNotSupported or WildcardSubscriptionsNotSupported,
        PacketType.UnsubAck => code is Success or NoSubscriptionExisted or UnspecifiedError or ImplementationSpecificError
            or NotAuthorized or TopicFilterInvalid or PacketIdentifierInUse,
        PacketType.Disconnect => code is Success or DisconnectWithWill or (>= UnspecifiedError and <= ImplementationSpecificError)
            or NotAuthorized or ServerBusy or (>= ServerShuttingDown and <= TopicNameInvalid)
            or (>= ReceiveMaximumExceeded and <= WildcardSubscriptionsNotSupported),
        PacketType.Auth => code is Success or ContinueAuthentication or ReAuthenticate,
        _ => false,
    };

    /// <summary>The MQTT 3 CONNACK return code that says the same, or "server unavailable" where none does.</summary>
    public static byte ToConnectReturnCode(this ReasonCode code) => code switch
    {
        Success => 0,
        UnsupportedProtocolVersion => 1,
        ClientIdentifierNotValid => 2,
        BadUserNameOrPassword => 4,
        NotAuthorized => 5,
        _ => 3,
    };

    /// <summary>False for the return codes that MQTT 3 reserves.</summary>
    public static bool TryFromConnectReturnCode(byte returnCode, out ReasonCode code)
    {
        code = returnCode switch
        {
            0 => Success,
            1 => UnsupportedProtocolVersion,
            2 => ClientIdentifierNotValid,
            3 => ServerUnavailable,
            4 => BadUserNameOrPassword,
            5 => NotAuthorized,
            _ => UnspecifiedError,
        };
        return returnCode <= 5;
    }
}
