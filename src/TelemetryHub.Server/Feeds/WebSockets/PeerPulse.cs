namespace TelemetryHub.Server.Feeds.WebSockets;

/// <summary>Whether the peer is still there: asked when it has been silent, and given up when it does not answer. Costs no timer.</summary>
/// <param name="interval">So long it may be silent before it is asked, in milliseconds.</param>
/// <param name="timeout">So long it may be silent after that.</param>
internal sealed class PeerPulse(long interval, long timeout)
{
    private volatile bool _isHeard = true;
    private long _heardAt;
    private long? _askedAt;

    /// <summary>Something came from it. By the link's owner.</summary>
    public void Hear()
    {
        if (!_isHeard) _isHeard = true;
    }

    /// <summary>
    /// What is to be done now. By one thread at a time. While bytes are stuck on their way to the peer a ping would be stuck behind them:
    /// then the write deadline decides.
    /// </summary>
    public PulseStep Tick(long now, bool isStuck)
    {
        if (_isHeard || isStuck)
        {
            _isHeard = false;
            (_heardAt, _askedAt) = (now, null);
            return PulseStep.None;
        }

        if (_askedAt is { } askedAt) return now - askedAt >= timeout ? PulseStep.GiveUp : PulseStep.None;
        if (now - _heardAt < interval) return PulseStep.None;
        _askedAt = now;
        return PulseStep.Ping;
    }
}
