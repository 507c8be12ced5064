using TelemetryHub.Broker.Links;
using TelemetryHub.Core.Feeds;

namespace TelemetryHub.Server.Http.Takeover;

/// <summary>
/// A feature of requests whose connection can be taken from the web server: plain HTTP/1.1 on a link of our own. Others have none, and stream
/// over <see cref="ResponsePipe"/> or <see cref="StreamPipe"/>. See docs/decisions/0007-http-over-the-reactor.md.
/// </summary>
internal interface ILinkTakeover
{
    /// <summary>The connection.</summary>
    Link Link { get; }

    /// <summary>The thread that owns the connection.</summary>
    IFeedLoop Loop { get; }

    /// <summary>
    /// Writes <paramref name="head"/> (a whole response head, see <see cref="ResponseHead"/>) behind what has been sent and gives the link to
    /// <paramref name="handler"/>, which is then called on the link's owner as always. What the peer sent after the request is the handler's.
    /// The request is over for the web server: the endpoint returns, and whatever it or a middleware still writes goes nowhere.
    /// Call it at most once in a request, before the response has started.
    /// When the connection is gone already, the handler is told so by <see cref="ILinkHandler.OnClosed"/>, perhaps before this returns.
    /// </summary>
    void Take(HttpContext context, ReadOnlySpan<byte> head, ILinkHandler handler);
}
