namespace TelemetryHub.Server.Feeds.WebSockets.Messages;

/// <summary>The fields of a client's messages; on the wire their names in lower case.</summary>
internal enum MessageField : byte
{
    Type,
    Ref,
    Sub,
    Topics,
    Since,
    Snapshot,
    Every,
    Overflow,
    Where,
    Fields,
    Format,
    Heartbeat,
    Topic,
    Payload,
    Encoding,
    Qos,
    Retain,
    Token,
}
