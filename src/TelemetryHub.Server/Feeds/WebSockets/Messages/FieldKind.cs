namespace TelemetryHub.Server.Feeds.WebSockets.Messages;

/// <summary>What the value of a field is, in JSON or in CBOR.</summary>
internal enum FieldKind : byte
{
    /// <summary>As if the field were not there.</summary>
    Null,
    Boolean,
    Number,
    Text,
    Texts,
    Bytes,

    /// <summary>Nothing that any field can be.</summary>
    Other,
}
