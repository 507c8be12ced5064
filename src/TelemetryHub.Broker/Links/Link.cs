namespace TelemetryHub.Broker.Links;

/// <summary>
/// One network connection, whatever carries it. It has one owner (a reactor thread, or a chain of pool work items),
/// and everything that is not marked otherwise is called on that owner.
/// Output is pulled: <see cref="Wake"/> says that something waits, the link then calls <see cref="ILinkHandler.Fill"/>
/// once the peer can take it. So nothing is encoded for a peer that does not read.
/// </summary>
public abstract class Link(LinkInfo info)
{
    /// <summary>Where the connection came from. Replaced once, before the handler's first packet, when a PROXY header names the real peer.</summary>
    public LinkInfo Info { get; internal set; } = info;

    /// <summary>
    /// Since when (in <see cref="Environment.TickCount64"/> units of the owner's clock) written bytes have been stuck because the peer
    /// does not read; 0 when they are not. Any thread may read it.
    /// </summary>
    public abstract long BlockedSince { get; }

    /// <summary>Asks for a call of <see cref="ILinkHandler.Fill"/>. Any thread; cheap; several calls before the fill are one.</summary>
    public abstract void Wake();

    /// <summary>Runs <paramref name="action"/> on the owner, soon. Any thread. Not run any more once the link is closed.</summary>
    public abstract void Post(Action action);

    /// <summary>Stops reading, so that TCP holds the peer back.</summary>
    public abstract void PauseReading();

    /// <summary>Reads on, beginning with the bytes that the handler left.</summary>
    public abstract void ResumeReading();

    /// <summary>Cuts the connection without sending what waits. Any thread.</summary>
    public abstract void Abort();
}
