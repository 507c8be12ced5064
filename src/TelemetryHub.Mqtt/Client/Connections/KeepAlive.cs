namespace TelemetryHub.Mqtt.Client.Connections;

/// <summary>
/// Pings when nothing was sent, or nothing was received, for the keep-alive interval, and reports a server that stays silent after a
/// ping. Receiving counts, too: a client that only ever sends would not notice a dead server otherwise.
/// </summary>
internal sealed class KeepAlive : IDisposable
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;
    private readonly TimeSpan _pingTimeout;
    private readonly Connection _connection;
    private readonly ITimer _timer;
    private long _pingSent; // only touched by the timer's callback, which is armed once at a time
    private bool _awaitsAnswer;

    public KeepAlive(Connection connection, TimeSpan interval, TimeSpan pingTimeout, TimeProvider time)
    {
        (_connection, _interval, _pingTimeout, _time) = (connection, interval, pingTimeout, time);
        _timer = time.CreateTimer(static self => ((KeepAlive)self!).Check(), this, interval, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    private void Check()
    {
        var now = _time.GetTimestamp();
        if (_awaitsAnswer && _connection.LastReceived >= _pingSent)
            _awaitsAnswer = false;

        // While the application is slow to take messages we do not read, and the server's answer may well lie in our own socket.
        var waited = _time.GetElapsedTime(_pingSent, now);
        if (_awaitsAnswer && waited >= _pingTimeout && !_connection.IsHeldBack)
        {
            _connection.End(new ConnectionEnd(DisconnectCause.KeepAliveTimedOut) { Reason = ReasonCode.KeepAliveTimeout });
            return;
        }

        var quiet = _time.GetElapsedTime(Math.Min(_connection.Outbox.LastWrite, _connection.LastReceived), now);
        var unsent = _time.GetElapsedTime(_connection.Outbox.LastWrite, now);
        if (unsent >= _interval || (quiet >= _interval && !_awaitsAnswer))
        {
            _connection.Outbox.WritePing();
            if (!_awaitsAnswer)
                (_awaitsAnswer, _pingSent, waited) = (true, now, TimeSpan.Zero);
            (quiet, unsent) = (TimeSpan.Zero, TimeSpan.Zero);
        }

        Rearm(_awaitsAnswer ? Shorter(_interval - unsent, _pingTimeout - waited) : _interval - quiet);
    }

    private void Rearm(TimeSpan due)
    {
        // A held-back reader leaves an overdue ping behind; look again soon, not at once.
        var least = TimeSpan.FromMilliseconds(Math.Min(100, _interval.TotalMilliseconds));
        _timer.Change(due < least ? least : due, Timeout.InfiniteTimeSpan);
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
