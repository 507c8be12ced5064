using System.Text;

namespace TelemetryHub.Mqtt.Topics;

/// <summary>
/// What a subscriber asks for: levels, <c>+</c> for any one level, <c>#</c> at the end for all below (and the parent itself), or
/// <c>$share/group/filter</c> for a shared subscription. It cannot be invalid; the default value is "no filter" and matches nothing.
/// </summary>
public readonly struct TopicFilter : IEquatable<TopicFilter>
{
    private readonly byte[]? _utf8;
    private readonly ushort _patternStart;
    private readonly bool _hasWildcards;

    private TopicFilter(byte[] utf8, int patternStart)
    {
        _utf8 = utf8;
        _patternStart = (ushort)patternStart;
        _hasWildcards = utf8.AsSpan(patternStart).IndexOfAny((byte)'+', (byte)'#') >= 0;
    }

    private static ReadOnlySpan<byte> SharePrefix => "$share/"u8;

    public bool IsEmpty => _utf8 is null;

    public bool IsShared => _patternStart > 0;

    /// <summary>The group of a shared subscription. Makes a new string on every call.</summary>
    public string? ShareName => IsShared ? Encoding.UTF8.GetString(Utf8[SharePrefix.Length..(_patternStart - 1)]) : null;

    /// <summary>The filter as the client wrote it.</summary>
    public ReadOnlySpan<byte> Utf8 => _utf8;

    /// <summary>The filter without <c>$share/group/</c>: what topics are compared with.</summary>
    public ReadOnlySpan<byte> Pattern => _utf8.AsSpan(_patternStart);

    public bool HasWildcards => _hasWildcards;

    /// <summary>How many levels <see cref="Pattern"/> has. 0 only for the default value.</summary>
    public int Levels => _utf8 is null ? 0 : Pattern.Count((byte)'/') + 1;

    public static bool operator ==(TopicFilter left, TopicFilter right) => left.Equals(right);

    public static bool operator !=(TopicFilter left, TopicFilter right) => !left.Equals(right);

    /// <summary>Whether the bytes are a topic filter, shared or not.</summary>
    public static bool IsValid(ReadOnlySpan<byte> utf8) => TryFindPattern(utf8, out _);

    /// <summary>Copies the bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out TopicFilter filter)
    {
        var valid = TryFindPattern(utf8, out var start);
        filter = valid ? new TopicFilter(utf8.ToArray(), start) : default;
        return valid;
    }

    public static bool TryParse(string text, out TopicFilter filter)
    {
        ArgumentNullException.ThrowIfNull(text);
        filter = default;
        if (!Utf8Text.TryEncode(text, out var utf8) || !TryFindPattern(utf8, out var start))
            return false;
        filter = new TopicFilter(utf8, start);
        return true;
    }

    /// <summary>For constants and tests.</summary>
    /// <exception cref="FormatException">The text is not a topic filter.</exception>
    public static TopicFilter Parse(string text) =>
        TryParse(text, out var filter) ? filter : throw new FormatException($"'{text}' is not a topic filter.");

    public bool Matches(TopicName topic) => Matches(topic.Utf8);

    /// <summary>Whether a message on this topic is meant. The topic must be a valid name.</summary>
    public bool Matches(ReadOnlySpan<byte> topic)
    {
        var pattern = Pattern;
        if (pattern.IsEmpty || topic.IsEmpty)
            return false;

        // §4.7.2: a leading wildcard does not reach topics that the server keeps for itself.
        if (topic[0] == (byte)'$' && pattern[0] is ((byte)'+' or (byte)'#'))
            return false;

        return _hasWildcards ? MatchesLevels(pattern, topic) : pattern.SequenceEqual(topic);
    }

    private static bool MatchesLevels(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> topic)
    {
        while (true)
        {
            if (pattern is [(byte)'#'])
                return true;

            var level = TopicLevels.TakeFirst(ref pattern, out var patternGoesOn);
            var name = TopicLevels.TakeFirst(ref topic, out var topicGoesOn);
            if (level is not [(byte)'+'] && !level.SequenceEqual(name))
                return false;

            if (!patternGoesOn)
                return !topicGoesOn;

            // §4.7.1.2: '#' also matches its parent.
            if (!topicGoesOn)
                return pattern is [(byte)'#'];
        }
    }

    public bool Equals(TopicFilter other) => Utf8.SequenceEqual(other.Utf8);

    public override bool Equals(object? obj) => obj is TopicFilter other && Equals(other);

    public override int GetHashCode() => Utf8Comparer.Instance.GetHashCode(Utf8);

    public override string ToString() => Encoding.UTF8.GetString(Utf8);

    private static bool TryFindPattern(ReadOnlySpan<byte> utf8, out int start)
    {
        start = 0;
        if (utf8.Length is 0 or > Utf8Text.MaxBytes || !Utf8Text.IsValid(utf8))
            return false;

        if (utf8.StartsWith(SharePrefix))
        {
            // MQTT 5 §4.8.2: a name of at least one character, without wildcards, then '/' and a filter.
            var name = utf8[SharePrefix.Length..];
            var end = name.IndexOf((byte)'/');
            if (end < 1 || name[..end].IndexOfAny((byte)'+', (byte)'#') >= 0)
                return false;
            start = SharePrefix.Length + end + 1;
        }

        return IsPattern(utf8[start..]);
    }

    /// <summary>§4.7.1: a wildcard stands alone in its level, and '#' only in the last one.</summary>
    private static bool IsPattern(ReadOnlySpan<byte> pattern)
    {
        if (pattern.IsEmpty)
            return false;

        for (var from = 0; ;)
        {
            var next = pattern[from..].IndexOfAny((byte)'+', (byte)'#');
            if (next < 0)
                return true;
            var at = from + next;
            var startsLevel = at == 0 || pattern[at - 1] == (byte)'/';
            var endsPattern = at == pattern.Length - 1;
            var endsLevel = endsPattern || (pattern[at] == (byte)'+' && pattern[at + 1] == (byte)'/');
            if (!startsLevel || !endsLevel)
                return false;
            from = at + 1;
        }
    }
}
