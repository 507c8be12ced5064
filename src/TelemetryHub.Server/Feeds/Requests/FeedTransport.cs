namespace TelemetryHub.Server.Feeds.Requests;

/// <summary>How events come to a reader. In the order in which they are chosen for somebody who takes several equally gladly.</summary>
internal enum FeedTransport : byte
{
    /// <summary>Server-sent events.</summary>
    Sse,

    /// <summary>Questions that are answered when there is something.</summary>
    Poll,

    /// <summary>Lines of JSON without an end.</summary>
    Ndjson,

    /// <summary>A WebSocket.</summary>
    WebSocket,
}
