using TelemetryHub.Core.Feeds;
using TelemetryHub.Server.Feeds.Publishing;
using TelemetryHub.Server.Feeds.Requests;
using TelemetryHub.Server.Feeds.Streams;

namespace TelemetryHub.Server.Feeds.WebSockets;

/// <summary>What all WebSockets have in common, so that each of them holds one reference.</summary>
internal sealed class SocketPlace(FeedTable feeds, FeedRequestReader requests, Publisher publisher, StreamPlace streams, FeedsOptions options)
{
    /// <summary>Where readers are opened.</summary>
    public FeedTable Feeds => feeds;

    /// <summary>Understands what a subscription asks for.</summary>
    public FeedRequestReader Requests => requests;

    /// <summary>Takes what is published.</summary>
    public Publisher Publisher => publisher;

    /// <summary>What WebSockets have in common with other streams.</summary>
    public StreamPlace Streams => streams;

    /// <summary>Limits and times.</summary>
    public FeedsOptions Options => options;
}
