using TelemetryHub.Broker.Connections;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Broker.Operation;

/// <summary>What must happen because time passes: keep-alives, stalled writers, sessions and wills that are due, $SYS. One timer for all.</summary>
internal sealed class Upkeep : IAsyncDisposable
{
    // How long a client gets to take its last bytes after the hub decided to close.
    private const long ClosingMilliseconds = 5_000;
    private const long LogReportMilliseconds = 10_000;

    private readonly MqttBroker _broker;
    private readonly SysTopics _sysTopics;
    private readonly ITimer _timer;
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _running = new(); // one tick at a time: a late one is skipped
    private long _lastSys, _lastLogReport, _oldestKept;
    private volatile bool _isWaitedFor;

    public Upkeep(MqttBroker broker, TimeSpan interval)
    {
        _broker = broker;
        _sysTopics = new SysTopics(broker);
        (_lastLogReport, _oldestKept) = (broker.Milliseconds, broker.Log.OldestKept);
        _timer = broker.Time.CreateTimer(_ => Tick(), null, interval, interval);
    }

    public async Task WaitUntilEmptyAsync(CancellationToken cancellation)
    {
        _isWaitedFor = true;
        if (_broker.ConnectionCount == 0)
            return;
        try
        {
            await _empty.Task.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // long enough: who is still there is cut
        }
    }

    public void OnEmpty()
    {
        if (_isWaitedFor)
            _empty.TrySetResult();
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Tick()
    {
        if (!_running.TryEnter())
            return;
        try
        {
            var now = _broker.Milliseconds;
            foreach (var connection in _broker.Connections)
                Check(connection, now);
            _broker.Sessions.Tick();
            _broker.DelayedReads.Tick();
            FollowRetention();
            if (now - _lastLogReport >= LogReportMilliseconds)
            {
                _lastLogReport = now;
                _broker.ReportSuppressedLogs();
            }
            if (_broker.Options.SysInterval > TimeSpan.Zero && now - _lastSys >= _broker.Options.SysInterval.TotalMilliseconds)
            {
                _lastSys = now;
                _sysTopics.Publish();
            }
        }
        catch (Exception fault) // on a timer's thread nobody else would catch it
        {
            _broker.ReportUpkeepFault(fault);
        }
        finally
        {
            _running.Exit();
        }
    }

    // What the log has dropped will never be delivered: it is not to fill the queues of those who are away.
    private void FollowRetention()
    {
        var oldest = _broker.Log.OldestKept;
        if (oldest == _oldestKept || !_broker.Log.KeepsEvents)
            return;
        _oldestKept = oldest;
        var (messages, sessions) = _broker.Sessions.DropBelow(oldest);
        if (messages > 0)
            _broker.ReportNotKept(messages, sessions);
    }

    private void Check(Connection connection, long now)
    {
        var options = _broker.Options;
        if (connection.ClosingSince != 0)
        {
            if (now - connection.ClosingSince > ClosingMilliseconds)
                connection.Link.Abort();
        }
        else if (!connection.IsConnected)
        {
            if (now - connection.AcceptedAt > options.ConnectTimeout.TotalMilliseconds)
                connection.PostClose(DisconnectCause.ConnectTimeout, ReasonCode.KeepAliveTimeout);
        }
        else if (connection.StalledMilliseconds(now) > options.StalledTimeout.TotalMilliseconds)
            connection.Link.Post(() => connection.Cut(DisconnectCause.Stalled));
        // MQTT 5 §3.1.2.10: one and a half times the keep-alive.
        else if (connection.Settings.KeepAlive is var seconds and > 0 && !connection.IsHeldBack && now - connection.LastReceived > seconds * 1500L)
            connection.PostClose(DisconnectCause.KeepAliveTimeout, ReasonCode.KeepAliveTimeout);
    }
}
