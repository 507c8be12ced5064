namespace TelemetryHub.Core.Feeds.Json;

/// <summary>What a JSON value is.</summary>
internal enum JsonKind : byte
{
    Null,
    False,
    True,
    Number,
    Text,
    Array,
    Object,
}
