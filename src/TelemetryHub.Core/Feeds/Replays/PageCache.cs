namespace TelemetryHub.Core.Feeds.Replays;

/// <summary>
/// The newest pages that replays of a feed have made: after an outage thousands of readers come back to the same place. Empty while nobody replays. Thread-safe.
/// </summary>
internal sealed class PageCache
{
    private const int MaxPages = 8;

    private readonly Lock _gate = new(); // guards every field
    private readonly List<ReplayPage> _pages = [];
    private int _users;

    public void Enter()
    {
        lock (_gate)
            _users++;
    }

    public void Leave()
    {
        lock (_gate)
        {
            if (--_users == 0)
                _pages.Clear();
        }
    }

    public ReplayPage? Find(long position)
    {
        lock (_gate)
            return _pages.Find(page => page.Covers(position));
    }

    public void Add(ReplayPage page)
    {
        if (page.Missed is not null || page.To <= page.From)
            return;
        lock (_gate)
        {
            if (_users == 0)
                return;
            if (_pages.Count == MaxPages)
                _pages.RemoveAt(0);
            _pages.Add(page);
        }
    }
}
