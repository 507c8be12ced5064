using TelemetryHub.Broker.Links;
using TelemetryHub.Core.Feeds;

namespace TelemetryHub.Server.Feeds.WebSockets;

/// <summary>One of the readers of a socket.</summary>
/// <param name="name">What its events carry; null for the one that the URL asked for.</param>
/// <param name="link">Woken when it has something.</param>
internal sealed class Subscription(string? name, Link link) : IReaderOwner
{
    private bool _isDirty = true; // interlocked. A reader wants its first fill without being woken

    public string? Name => name;

    /// <summary>Set before the socket fills for the first time.</summary>
    public FeedReader Reader { get; set; } = null!;

    /// <summary>Something waits for the socket's next fill.</summary>
    public void Wake()
    {
        if (!Interlocked.Exchange(ref _isDirty, true)) link.Wake();
    }

    /// <summary>It is to be looked at again, by a fill that is asked for already.</summary>
    public void MarkDirty() => Volatile.Write(ref _isDirty, true);

    /// <summary>Whether something may wait. Asked before the reader is filled, with a full fence: what comes during the fill marks it again.</summary>
    public bool TakeDirty() => Interlocked.Exchange(ref _isDirty, false);
}
