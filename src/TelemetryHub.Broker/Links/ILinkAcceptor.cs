namespace TelemetryHub.Broker.Links;

/// <summary>Where the listeners bring new connections.</summary>
public interface ILinkAcceptor
{
    /// <summary>
    /// Returns what handles <paramref name="link"/> from now on, or null when it is refused (limits): the listener then cuts it.
    /// Any thread. A handler that was returned is always told of the end by <see cref="ILinkHandler.OnClosed"/>.
    /// </summary>
    ILinkHandler? Accept(Link link);
}
