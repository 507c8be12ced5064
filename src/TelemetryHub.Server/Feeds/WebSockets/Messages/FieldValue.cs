namespace TelemetryHub.Server.Feeds.WebSockets.Messages;

/// <summary>A value as it was read, before anybody asked whether the field may have it.</summary>
/// <param name="Kind">What it is.</param>
internal readonly record struct FieldValue(FieldKind Kind)
{
    public bool Boolean { get; init; }

    public double Number { get; init; }

    public string Text { get; init; } = "";

    public IReadOnlyList<string> Texts { get; init; } = [];

    /// <summary>A payload; or a <c>ref</c> as it was encoded, to be given back the same.</summary>
    public byte[] Bytes { get; init; } = [];

    public static FieldValue Null => new(FieldKind.Null);

    public static FieldValue Other => new(FieldKind.Other);

    public static FieldValue Of(bool value) => new(FieldKind.Boolean) { Boolean = value };

    public static FieldValue Of(double value) => new(FieldKind.Number) { Number = value };

    public static FieldValue Of(string value) => new(FieldKind.Text) { Text = value };

    public static FieldValue Of(IReadOnlyList<string> value) => new(FieldKind.Texts) { Texts = value };

    public static FieldValue Of(byte[] value) => new(FieldKind.Bytes) { Bytes = value };
}
