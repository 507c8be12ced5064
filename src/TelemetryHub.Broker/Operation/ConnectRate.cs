namespace TelemetryHub.Broker.Operation;

/// <summary>Lets so many clients in per second, a second's worth at once at most. Any thread.</summary>
internal sealed class ConnectRate(int perSecond, Clock clock)
{
    private readonly Lock _gate = new(); // guards both fields below
    private double _available = perSecond;
    private long _last = clock.Milliseconds;

    public bool TryTake()
    {
        if (perSecond == 0)
            return true;
        lock (_gate)
        {
            var now = clock.Milliseconds;
            _available = Math.Min(perSecond, _available + ((now - _last) * perSecond / 1000.0));
            _last = now;
            if (_available < 1)
                return false;
            _available--;
            return true;
        }
    }
}
