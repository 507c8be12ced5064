namespace TelemetryHub.Core.Feeds.Json;

/// <summary>A value as it was met in a payload: its kind, and its text when it is a number or a string.</summary>
internal readonly ref struct JsonScalar
{
    private JsonScalar(JsonKind kind) => Kind = kind;

    public JsonKind Kind { get; }

    /// <summary>When it is a string.</summary>
    public JsonText Text { get; private init; }

    /// <summary>When it is a number: as it is written.</summary>
    public ReadOnlySpan<byte> Number { get; private init; }

    public static JsonScalar Of(JsonText text) => new(JsonKind.Text) { Text = text };

    /// <summary>An object or an array: that it is there is all that is asked of it.</summary>
    public static JsonScalar Of(JsonKind kind) => new(kind);

    /// <summary>A number, true, false or null as it is written.</summary>
    public static JsonScalar OfBare(ReadOnlySpan<byte> bare) => bare switch
    {
        [(byte)'t', ..] => new(JsonKind.True),
        [(byte)'f', ..] => new(JsonKind.False),
        [(byte)'n', ..] => new(JsonKind.Null),
        _ => new(JsonKind.Number) { Number = bare },
    };
}
