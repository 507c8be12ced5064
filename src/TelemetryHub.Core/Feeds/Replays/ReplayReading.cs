namespace TelemetryHub.Core.Feeds.Replays;

/// <summary>
/// A reader's way through a replay: the page that it has, and where it is in it. The page is handed over by the thread that reads the log, and taken by the reader.
/// </summary>
internal sealed class ReplayReading(Replay replay)
{
    private readonly IEnumerator<ReplayPage?> _pages = replay.Pages().GetEnumerator();
    private ReplayPage? _page;

    /// <summary>The page that the reader has; null while it waits for the next one.</summary>
    public ReplayPage? Page => Volatile.Read(ref _page);

    /// <summary>The next item in the page; -1 = not begun. The reader's.</summary>
    public int Place { get; set; } = -1;

    /// <summary>Whether the reader's position is where it will go on. Not before its start has been found, nor while a snapshot goes back behind it. The reader's.</summary>
    public bool IsPlaced { get; set; }

    /// <summary>Makes the next page. False: the disk cannot be read. On a thread that may block, one at a time.</summary>
    public bool TryMakePage()
    {
        _pages.MoveNext();
        if (_pages.Current is not { } page)
            return false;
        Volatile.Write(ref _page, page);
        return true;
    }

    /// <summary>The reader is through with its page.</summary>
    public void Turn() => (_page, Place) = (null, -1);
}
