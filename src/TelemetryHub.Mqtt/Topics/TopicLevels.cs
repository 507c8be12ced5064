namespace TelemetryHub.Mqtt.Topics;

/// <summary>Walks the levels of a topic or filter without allocating.</summary>
internal static class TopicLevels
{
    /// <summary>Cuts the first level off; <paramref name="goesOn"/> tells whether a separator followed it.</summary>
    public static ReadOnlySpan<byte> TakeFirst(scoped ref ReadOnlySpan<byte> rest, out bool goesOn)
    {
        var whole = rest;
        var end = whole.IndexOf((byte)'/');
        goesOn = end >= 0;
        rest = goesOn ? whole[(end + 1)..] : default;
        return goesOn ? whole[..end] : whole;
    }
}
