namespace TelemetryHub.Broker.Sessions;

/// <summary>Counts how often a client id changed hands within a short time: two devices with one id throw each other out forever.</summary>
internal sealed class Takeovers
{
    private const int Tolerated = 5;
    private static readonly long WindowMilliseconds = 10_000;

    private int _count;
    private long _since;

    /// <summary>One more takeover; true when it is one too many.</summary>
    public bool Add(long now)
    {
        if (now - _since > WindowMilliseconds)
            (_since, _count) = (now, 0);
        return ++_count > Tolerated;
    }
}
