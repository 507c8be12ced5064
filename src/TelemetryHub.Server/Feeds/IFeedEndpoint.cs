using TelemetryHub.Server.Feeds.Requests;

namespace TelemetryHub.Server.Feeds;

/// <summary>Serves some transports of <c>/events</c>.</summary>
internal interface IFeedEndpoint
{
    /// <summary>Whether this is one of them.</summary>
    bool Serves(FeedTransport transport);

    /// <summary>Serves a request whose origin is allowed. It reads the parameters and asks for admission itself.</summary>
    Task ServeAsync(HttpContext context, FeedTransport transport);
}
