using System.Text;
using System.Text.Unicode;

namespace TelemetryHub.Mqtt.Topics;

/// <summary>
/// A topic that a message can be published to: 1 to 65,535 bytes of well-formed UTF-8 without NUL and wildcards. It cannot be
/// invalid; the default value is "no topic", which MQTT 5 writes as a zero-length name beside a topic alias.
/// </summary>
public readonly struct TopicName : IEquatable<TopicName>
{
    private readonly byte[]? _utf8;

    private TopicName(byte[] utf8) => _utf8 = utf8;

    public bool IsEmpty => _utf8 is null;

    public ReadOnlySpan<byte> Utf8 => _utf8;

    public ReadOnlyMemory<byte> Memory => _utf8;

    /// <summary>How many levels the name has; an empty level counts. 0 only for the default value.</summary>
    public int Levels => _utf8 is null ? 0 : Utf8.Count((byte)'/') + 1;

    /// <summary>Whether the name starts with <c>$</c>, so that no leading wildcard finds it.</summary>
    public bool IsSystem => _utf8 is [(byte)'$', ..];

    public static bool operator ==(TopicName left, TopicName right) => left.Equals(right);

    public static bool operator !=(TopicName left, TopicName right) => !left.Equals(right);

    /// <summary>Whether the bytes are a topic name (§4.7.3 and §1.5.4).</summary>
    public static bool IsValid(ReadOnlySpan<byte> utf8) =>
        (uint)(utf8.Length - 1) < Utf8Text.MaxBytes
        && utf8.IndexOfAny((byte)0, (byte)'+', (byte)'#') < 0
        && System.Text.Unicode.Utf8.IsValid(utf8);

    /// <summary>Copies the bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out TopicName topic)
    {
        var valid = IsValid(utf8);
        topic = valid ? new TopicName(utf8.ToArray()) : default;
        return valid;
    }

    public static bool TryParse(string text, out TopicName topic)
    {
        ArgumentNullException.ThrowIfNull(text);
        var valid = Utf8Text.TryEncode(text, out var utf8) && IsValid(utf8);
        topic = valid ? new TopicName(utf8!) : default;
        return valid;
    }

    /// <summary>For constants and tests.</summary>
    /// <exception cref="FormatException">The text is not a topic name.</exception>
    public static TopicName Parse(string text) =>
        TryParse(text, out var topic) ? topic : throw new FormatException($"'{text}' is not a topic name.");

    public bool Equals(TopicName other) => Utf8.SequenceEqual(other.Utf8);

    public override bool Equals(object? obj) => obj is TopicName other && Equals(other);

    public override int GetHashCode() => Utf8Comparer.Instance.GetHashCode(Utf8);

    public override string ToString() => Encoding.UTF8.GetString(Utf8);
}
