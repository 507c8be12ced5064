using TelemetryHub.Core.Events;

namespace TelemetryHub.Core.Feeds.Rings;

/// <summary>
/// What the router has handed to a feed and the feed has not encoded yet. Bounded in count and bytes: when it is full, the oldest goes, and how many went is told.
/// </summary>
internal sealed class Inbox(FeedTable table)
{
    private const int FirstCapacity = 16;

    private readonly int _maxEvents = table.Settings.MaxWaitingEvents;

    private readonly Lock _gate = new(); // guards every field
    private Event?[] _events = [];
    private int _first;
    private int _count;
    private long _bytes;
    private long _dropped;
    private long _lastDropped;
    private bool _isScheduled;
    private int _worthWork = 1;

    /// <summary>Nothing is in it, and nothing that was taken is still being encoded.</summary>
    public bool IsQuiet
    {
        get
        {
            lock (_gate)
                return !_isScheduled && _count == 0;
        }
    }

    public int Count => Volatile.Read(ref _count);

    /// <summary>Puts one in. True: the feed has to be set to work.</summary>
    public bool Push(Event @event)
    {
        lock (_gate)
        {
            while (_count > 0 && (_count >= _maxEvents || _bytes + @event.SizeBytes > table.WaitingBytes))
            {
                _lastDropped = TakeFirst().Sequence;
                _dropped++;
            }
            if (_count == _events.Length)
                Grow();
            _events[(_first + _count++) & (_events.Length - 1)] = @event;
            _bytes += @event.SizeBytes;
            return !_isScheduled && IsWorthWork && (_isScheduled = true);
        }
    }

    /// <summary>Takes the oldest, stopping soon after so many bytes. What was dropped before them is told once.</summary>
    public int Take(Span<Event> into, long maxBytes, out long dropped, out long lastDropped)
    {
        lock (_gate)
        {
            (dropped, lastDropped, _dropped) = (_dropped, _lastDropped, 0);
            var taken = 0;
            for (var left = maxBytes; _count > 0 && taken < into.Length && left > 0; left -= into[taken++].SizeBytes)
                into[taken] = TakeFirst();
            return taken;
        }
    }

    /// <summary>
    /// What was taken has been encoded. False: there is more, and the feed stays at work. Until there are <paramref name="worthWork"/> events it is not set to work again: somebody
    /// else does that in time.
    /// </summary>
    public bool TryRest(int worthWork)
    {
        lock (_gate)
        {
            _worthWork = worthWork;
            if (IsWorthWork)
                return false;
            if (_count == 0 && _events.Length > FirstCapacity)
                _events = []; // a feed at rest holds nothing
            _isScheduled = false;
            return true;
        }
    }

    private bool IsWorthWork =>
        _count >= Math.Min(_worthWork, Math.Max(1, _maxEvents / 2)) || (_count > 0 && _bytes >= table.WaitingBytes / 2);

    private Event TakeFirst()
    {
        ref var slot = ref _events[_first];
        var @event = slot!;
        slot = null;
        _first = (_first + 1) & (_events.Length - 1);
        _count--;
        _bytes -= @event.SizeBytes;
        return @event;
    }

    private void Grow()
    {
        var larger = new Event?[Math.Max(FirstCapacity, _events.Length * 2)];
        for (var i = 0; i < _count; i++)
            larger[i] = _events[(_first + i) & (_events.Length - 1)];
        (_events, _first) = (larger, 0);
    }
}
