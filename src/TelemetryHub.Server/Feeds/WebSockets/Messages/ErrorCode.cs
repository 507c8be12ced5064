namespace TelemetryHub.Server.Feeds.WebSockets.Messages;

/// <summary>Why a message was refused; on the wire the name in kebab-case.</summary>
internal enum ErrorCode : byte
{
    /// <summary>Not a JSON object in a line of its own, or not a CBOR map.</summary>
    BadMessage,

    /// <summary>The <c>type</c> is missing or not known.</summary>
    UnknownType,

    /// <summary>A field that messages of this type do not have.</summary>
    UnknownField,

    /// <summary>A field that messages of this type must have.</summary>
    MissingField,

    /// <summary>A field with a value that it cannot have.</summary>
    BadField,

    /// <summary>A topic filter that is none, or is shared.</summary>
    BadFilter,

    /// <summary>There is a subscription of this name on the socket already.</summary>
    DuplicateSub,

    /// <summary>There is no subscription of this name on the socket.</summary>
    UnknownSub,

    /// <summary>More subscriptions on the socket than <c>Feeds:MaxSubscriptions</c>.</summary>
    TooManySubscriptions,

    /// <summary>The rules do not allow it.</summary>
    Forbidden,

    /// <summary>What was published is larger than the hub takes.</summary>
    TooLarge,

    /// <summary>What was published could not be kept: the disk is full or has failed.</summary>
    NotKept,

    /// <summary>The hub has too much to do, or too many readers: say it again later.</summary>
    Overload,
}
