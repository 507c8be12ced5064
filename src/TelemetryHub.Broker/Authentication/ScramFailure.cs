namespace TelemetryHub.Broker.Authentication;

/// <summary>Every way a SCRAM conversation fails.</summary>
public enum ScramFailure : byte
{
    /// <summary>It did not.</summary>
    None,

    /// <summary>A message does not follow the grammar of RFC 5802 §7, or is too long.</summary>
    Malformed,

    /// <summary>A message after the conversation was over.</summary>
    OutOfOrder,

    /// <summary>The client demands an extension (<c>m=</c>).</summary>
    ExtensionNotSupported,

    /// <summary>The client demands channel binding, which is SCRAM-SHA-256-PLUS.</summary>
    ChannelBindingNotSupported,

    /// <summary>The second message does not repeat the first one's channel-binding header: somebody changed it on the way.</summary>
    ChannelBindingMismatch,

    /// <summary>The user name is not ASCII, or wrongly encoded.</summary>
    UserNameNotSupported,

    /// <summary>The client wants to act as somebody else.</summary>
    OtherIdentity,

    /// <summary>The second message does not carry the nonce of this conversation.</summary>
    WrongNonce,

    /// <summary>The password is wrong or there is no such user; from outside the same.</summary>
    WrongProof,
}
