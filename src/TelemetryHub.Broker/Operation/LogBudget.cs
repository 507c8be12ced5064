namespace TelemetryHub.Broker.Operation;

/// <summary>
/// Limits the log lines that clients can cause: so many of each cause per second, the rest is counted and told in one line.
/// Otherwise whoever can connect can fill the disk. Any thread.
/// </summary>
internal sealed class LogBudget(Clock clock)
{
    private const int PerSecond = 10;

    private readonly Lock _gate = new(); // guards the fields below
    private readonly int[] _used = new int[Enum.GetValues<DisconnectCause>().Length];
    private readonly long[] _suppressed = new long[Enum.GetValues<DisconnectCause>().Length];
    private long _second;

    public bool TryTake(DisconnectCause cause)
    {
        lock (_gate)
        {
            var second = clock.Milliseconds / 1000;
            if (second != _second)
            {
                _second = second;
                Array.Clear(_used);
            }
            if (_used[(int)cause]++ < PerSecond)
                return true;
            _suppressed[(int)cause]++;
            return false;
        }
    }

    /// <summary>Tells what was left out since the last call.</summary>
    public void Report(MqttBroker broker)
    {
        for (var cause = 0; cause < _suppressed.Length; cause++)
        {
            long count;
            lock (_gate)
                (count, _suppressed[cause]) = (_suppressed[cause], 0);
            if (count > 0)
                broker.ReportSuppressed((DisconnectCause)cause, count);
        }
    }
}
