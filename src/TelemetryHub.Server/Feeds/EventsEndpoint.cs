using TelemetryHub.Core.Feeds.Control;
using TelemetryHub.Server.Feeds.Requests;
using TelemetryHub.Server.Feeds.Streams;

namespace TelemetryHub.Server.Feeds;

/// <summary>One address for every transport: finds out which one is meant.</summary>
internal sealed class EventsEndpoint(IEnumerable<IFeedEndpoint> endpoints, FeedRequestReader requests, Refusals refusals)
{
    private const string NotAcceptable =
        $"Events come as {Negotiation.EventStream} (a stream), {Negotiation.Json} (an answer), {Negotiation.JsonLines} (a stream of lines), or over a WebSocket.";

    private readonly IFeedEndpoint[] _endpoints = [.. endpoints];

    /// <summary>Serves GET, HEAD, and CONNECT, with which a WebSocket begins in HTTP/2.</summary>
    public Task ServeAsync(HttpContext context)
    {
        context.Response.Headers.Append("Vary", "Accept");
        if (Negotiation.Choose(context) is not { } transport || Array.Find(_endpoints, endpoint => endpoint.Serves(transport)) is not { } endpoint)
            return refusals.WriteAsync(context, new Refusal(StatusCodes.Status406NotAcceptable, ByeReason.BadRequest, NotAcceptable));

        return HttpMethods.IsHead(context.Request.Method) ? ServeHead(context, transport) : endpoint.ServeAsync(context, transport);
    }

    // The head of what GET would answer; nobody reads.
    private Task ServeHead(HttpContext context, FeedTransport transport)
    {
        if (!requests.TryRead(context, out _, out var problem))
            return refusals.WriteAsync(context, Refusal.Of(problem));

        StreamHead.Set(context.Response, transport);
        return Task.CompletedTask;
    }
}
