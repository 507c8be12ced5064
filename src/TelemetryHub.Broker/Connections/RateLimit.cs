namespace TelemetryHub.Broker.Connections;

/// <summary>
/// Holds a client to its rates by reading it more slowly: a second's worth may come at once, then TCP holds it back until it is due again.
/// Owned by its connection.
/// </summary>
internal sealed class RateLimit
{
    private readonly Connection _connection;
    private readonly MqttBroker _broker;
    private readonly ITimer _timer;
    private double _messages, _bytes;
    private long _last;
    private bool _isHolding;

    private RateLimit(Connection connection, MqttBroker broker)
    {
        (_connection, _broker, _last) = (connection, broker, broker.Milliseconds);
        (_messages, _bytes) = (broker.Options.MessageRate, broker.Options.ByteRate);
        _timer = broker.Time.CreateTimer(_ => connection.Link.Post(Release), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Null when there is no limit to hold to.</summary>
    public static RateLimit? For(Connection connection, MqttBroker broker) =>
        broker.Options.MessageRate > 0 || broker.Options.ByteRate > 0 ? new RateLimit(connection, broker) : null;

    public void Take(int messages, int bytes)
    {
        Refill();
        if (_broker.Options.MessageRate > 0)
            _messages -= messages;
        if (_broker.Options.ByteRate > 0)
            _bytes -= bytes;
        var seconds = Math.Max(_messages < 0 ? -_messages / _broker.Options.MessageRate : 0, _bytes < 0 ? -_bytes / _broker.Options.ByteRate : 0);
        if (seconds <= 0 || _isHolding)
            return;
        _isHolding = true;
        _connection.Hold(HoldReason.Rate);
        _timer.Change(TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);
    }

    public void Stop() => _timer.Dispose();

    private void Release()
    {
        _isHolding = false;
        _connection.Release(HoldReason.Rate);
    }

    private void Refill()
    {
        var now = _broker.Milliseconds;
        var seconds = (now - _last) / 1000.0;
        _last = now;
        _messages = Math.Min(_broker.Options.MessageRate, _messages + (seconds * _broker.Options.MessageRate));
        _bytes = Math.Min(_broker.Options.ByteRate, _bytes + (seconds * _broker.Options.ByteRate));
    }
}
