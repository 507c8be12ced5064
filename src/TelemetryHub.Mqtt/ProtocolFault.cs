namespace TelemetryHub.Mqtt;

/// <summary>Every way in which bytes from a peer can be wrong, by name: for the log line, the metric tag and the test.</summary>
public enum ProtocolFault : byte
{
    None = 0,

    /// <summary>Packet type 0, or AUTH before MQTT 5.</summary>
    UnknownPacketType,

    /// <summary>The lower four bits of the first byte are not what the packet type demands.</summary>
    ReservedFlags,

    /// <summary>The remaining length has a fifth byte.</summary>
    RemainingLengthTooLong,

    /// <summary>The remaining length is not written in the fewest bytes (MQTT 5 only).</summary>
    RemainingLengthNotMinimal,

    /// <summary>The packet is larger than the reader allows.</summary>
    PacketTooLarge,

    /// <summary>The body ends inside a field.</summary>
    Truncated,

    /// <summary>The body goes on after the last field.</summary>
    TrailingBytes,

    /// <summary>A string is ill-formed UTF-8 or contains U+0000.</summary>
    InvalidUtf8,

    /// <summary>A topic name has a wildcard.</summary>
    InvalidTopicName,

    /// <summary>A PUBLISH has neither topic nor topic alias.</summary>
    EmptyTopic,

    /// <summary>A topic alias of 0.</summary>
    TopicAliasZero,

    /// <summary>A response topic is empty or has a wildcard.</summary>
    InvalidResponseTopic,
    PacketIdZero,

    /// <summary>QoS 3 in a PUBLISH or a will.</summary>
    InvalidQoS,
    DupOnQoS0,
    UnsupportedProtocolName,
    UnsupportedProtocolVersion,
    ReservedConnectFlag,

    /// <summary>Will QoS or will retain without the will flag.</summary>
    WillFlagsWithoutWill,

    /// <summary>MQTT 3 only: MQTT 5 allows a password alone.</summary>
    PasswordWithoutUserName,
    EmptyWillTopic,

    /// <summary>A SUBSCRIBE or UNSUBSCRIBE without a filter, or an ack of one without a reason.</summary>
    EmptySubscription,
    ReservedSubscribeOptions,

    /// <summary>QoS 3 in the options of a subscription.</summary>
    InvalidRequestedQoS,
    InvalidRetainHandling,

    /// <summary>No-local is meaningless for a group (MQTT 5 §3.8.3.1).</summary>
    NoLocalOnSharedSubscription,
    UnknownProperty,

    /// <summary>A known property in a packet that must not carry it.</summary>
    PropertyNotAllowed,
    DuplicateProperty,
    PropertyOutOfRange,

    /// <summary>The property length is ill-formed, or larger than the packet, or cuts a property.</summary>
    MalformedPropertyLength,

    /// <summary>A variable byte integer inside the properties is too long or not minimal.</summary>
    MalformedVariableInteger,
    AuthDataWithoutMethod,

    /// <summary>An AUTH that continues or restarts authentication does not name the method.</summary>
    AuthMethodMissing,
    InvalidReasonCode,
    ReservedConnAckFlag,

    /// <summary>A CONNACK refuses and claims a session at once.</summary>
    SessionPresentOnRefusal,

    /// <summary>A packet that may not come now: anything before CONNECT, a second CONNECT, what only the other side sends.</summary>
    UnexpectedPacket,

    /// <summary>A DISCONNECT gives an expiry to a session that has none (MQTT 5 §3.14.2.2.2).</summary>
    ExpiryOfEndedSession,
}
