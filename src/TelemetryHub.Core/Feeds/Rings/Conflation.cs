using TelemetryHub.Core.Events;
using TelemetryHub.Core.Feeds.Replays;

namespace TelemetryHub.Core.Feeds.Rings;

/// <summary>
/// Holds back events so that each topic has at most one in an interval, the newest. All that are held go at once, in the order of their sequences: so whoever has got any of them
/// has got, or will get behind it, the newest of every topic, and its cursor is right at every moment. When nothing has gone for an interval, the first goes at once. Guarded by the feed.
/// </summary>
internal sealed class Conflation(TimeSpan every, TimeProvider time, Action wake) : IDisposable
{
    private readonly Newest _held = new();
    private ITimer? _timer;
    private long _lastFlush = time.GetTimestamp() - (long)(every.TotalSeconds * time.TimestampFrequency);
    private volatile bool _isTimerSet;
    private int _count;

    /// <summary>Whether events are held back. Any thread.</summary>
    public bool IsHolding => Volatile.Read(ref _count) > 0;

    /// <summary>What is held will be let go without anybody's doing.</summary>
    public bool HasTimer => _isTimerSet;

    /// <summary>What is held takes the place of an older event of its topic.</summary>
    public void Hold(Event @event)
    {
        _held.Put(@event);
        Volatile.Write(ref _count, _held.Count);
    }

    /// <summary>Lets go what is held, if the time has come; else sees to it that it does.</summary>
    public void Flush(Action<Event> take)
    {
        if (_held.Count == 0)
            return;
        var left = every - time.GetElapsedTime(_lastFlush);
        if (left > TimeSpan.Zero)
        {
            SetTimer(left);
            return;
        }
        _lastFlush = time.GetTimestamp();
        foreach (var @event in _held.Take())
            take(@event);
    }

    /// <summary>What was let go is in the ring.</summary>
    public void Flushed() => Volatile.Write(ref _count, _held.Count);

    public void Dispose() => _timer?.Dispose();

    private void SetTimer(TimeSpan left)
    {
        if (_isTimerSet)
            return;
        _isTimerSet = true;
        _timer ??= time.CreateTimer(static self => ((Conflation)self!).OnTime(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(left, Timeout.InfiniteTimeSpan);
    }

    // Also when it is a little early: the next flush sets it again.
    private void OnTime()
    {
        _isTimerSet = false;
        wake();
    }
}
