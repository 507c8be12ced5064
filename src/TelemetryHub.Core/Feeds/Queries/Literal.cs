using TelemetryHub.Core.Feeds.Json;

namespace TelemetryHub.Core.Feeds.Queries;

/// <summary>A value that stands in a condition.</summary>
internal sealed class Literal
{
    private readonly byte[] _utf8;
    private readonly double _number;
    private readonly bool _isInteger;

    private Literal(JsonKind kind, byte[] utf8)
    {
        Kind = kind;
        _utf8 = utf8;
        if (kind != JsonKind.Number)
            return;
        _number = JsonNumber.ToDouble(utf8);
        _isInteger = JsonNumber.IsInteger(utf8);
    }

    public JsonKind Kind { get; }

    /// <summary>Can values be more and less than it?</summary>
    public bool HasOrder => Kind is JsonKind.Number or JsonKind.Text;

    /// <summary>Is it no number, or one that a double can hold?</summary>
    public bool IsFinite => double.IsFinite(_number);

    public static Literal Number(byte[] json) => new(JsonKind.Number, json);

    public static Literal Text(byte[] utf8) => new(JsonKind.Text, utf8);

    /// <summary>Null, true or false.</summary>
    public static Literal Word(JsonKind kind) => new(kind, []);

    /// <summary>Where a value stands before or behind this one. False when they are of different types: then nothing can be said.</summary>
    public bool TryOrder(JsonScalar value, out int order)
    {
        order = 0;
        switch (Kind)
        {
            case JsonKind.Number when value.Kind == JsonKind.Number:
                order = OrderOf(value.Number);
                return true;
            case JsonKind.Text when value.Kind == JsonKind.Text:
                order = value.Text.CompareTo(_utf8);
                return true;
            case JsonKind.True or JsonKind.False:
                order = value.Kind - Kind;
                return value.Kind is JsonKind.True or JsonKind.False;
            default:
                return Kind == JsonKind.Null && value.Kind == JsonKind.Null;
        }
    }

    // Identifiers and counters go beyond 2^53, where doubles would call different ones equal.
    private int OrderOf(ReadOnlySpan<byte> number) => _isInteger && JsonNumber.IsInteger(number)
        ? JsonNumber.CompareIntegers(number, _utf8)
        : JsonNumber.ToDouble(number).CompareTo(_number);
}
