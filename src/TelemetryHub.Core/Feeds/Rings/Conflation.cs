using System.Diagnostics.CodeAnalysis;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Feeds.Replays;

namespace TelemetryHub.Core.Feeds.Rings;

/// <summary>
/// Holds back events so that each topic has at most one in an interval, the newest. All that are held go together, in the order of their sequences: so whoever has got any of them
/// has got, or will get behind it, the newest of every topic, and its cursor is right at every moment. When nothing has gone for an interval, the first goes at once. Guarded by the feed.
/// </summary>
internal sealed class Conflation(TimeSpan every, FeedTable table, Action wake) : IDisposable
{
    private readonly TimeProvider _time = table.Time;
    private readonly Newest _held = new();
    private Event[] _going = []; // are let go, piece by piece
    private int _gone; // of them
    private ITimer? _timer;
    private long _lastFlush = table.Time.GetTimestamp() - (long)(every.TotalSeconds * table.Time.TimestampFrequency);
    private volatile bool _isTimerSet;
    private int _count;

    /// <summary>Whether events are held back. Any thread.</summary>
    public bool IsHolding => Volatile.Read(ref _count) > 0;

    /// <summary>Whether there are more to be taken at once.</summary>
    public bool IsGoing => _going.Length > 0;

    /// <summary>What is held will be let go without anybody's doing.</summary>
    public bool HasTimer => _isTimerSet;

    /// <summary>What is held takes the place of an older event of its topic.</summary>
    public void Hold(Event @event)
    {
        _held.Put(@event);
        Volatile.Write(ref _count, _held.Count + _going.Length);
    }

    /// <summary>Takes the next of what is let go, if the time has come; else sees to it that it does.</summary>
    public bool TryTake([NotNullWhen(true)] out Event? @event)
    {
        @event = null;
        if (!IsGoing && !TryLetGo())
            return false;
        @event = _going[_gone++];
        if (_gone == _going.Length)
            (_going, _gone) = ([], 0);
        return true;
    }

    /// <summary>What was taken is in the ring.</summary>
    public void Taken() => Volatile.Write(ref _count, _held.Count + _going.Length);

    /// <summary>Forgets what it holds.</summary>
    public void Clear()
    {
        _held.Take();
        (_going, _gone) = ([], 0);
    }

    public void Dispose() => _timer?.Dispose();

    private bool TryLetGo()
    {
        if (_held.Count == 0)
            return false;
        var left = every - _time.GetElapsedTime(_lastFlush);
        // Too much to be held: then sooner, rather than without end (topics of which each is used once, and an interval of a day).
        if (left > TimeSpan.Zero && _held.Bytes < table.WaitingBytes)
        {
            SetTimer(left);
            return false;
        }
        _lastFlush = _time.GetTimestamp();
        _going = _held.Take();
        return true;
    }

    private void SetTimer(TimeSpan left)
    {
        if (_isTimerSet)
            return;
        _isTimerSet = true;
        _timer ??= _time.CreateTimer(static self => ((Conflation)self!).OnTime(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(left, Timeout.InfiniteTimeSpan);
    }

    // Also when it is a little early: the next try sets it again.
    private void OnTime()
    {
        _isTimerSet = false;
        wake();
    }
}
