using System.Buffers;
using TelemetryHub.Broker.Links;
using TelemetryHub.Core.Feeds;
using TelemetryHub.Core.Feeds.Control;
using TelemetryHub.Core.Feeds.Encodings;
using TelemetryHub.Server.Feeds.Requests;
using TelemetryHub.Server.Http;
using TelemetryHub.Server.Http.Takeover;

namespace TelemetryHub.Server.Feeds.Streams;

/// <summary>Server-sent events and lines of JSON: opens a reader and gives it the connection, or the response where the connection is not ours.</summary>
internal sealed class StreamEndpoint(FeedTable feeds, FeedRequestReader requests, Refusals refusals, StreamPlace place) : IFeedEndpoint
{
    private static readonly RequestProblem NoWait = ForPolls("wait");
    private static readonly RequestProblem NoLimit = ForPolls("limit");

    /// <inheritdoc/>
    public bool Serves(FeedTransport transport) => transport is FeedTransport.Sse or FeedTransport.Ndjson;

    /// <inheritdoc/>
    public Task ServeAsync(HttpContext context, FeedTransport transport)
    {
        if (!requests.TryRead(context, out var request, out var problem))
            return refusals.WriteAsync(context, Refusal.Of(problem));
        if (request.Wait is not null || request.Limit is not null)
            return refusals.WriteAsync(context, Refusal.Of(request.Wait is not null ? NoWait : NoLimit));
        if (place.Admission.Enter() is var reason and not ByeReason.None)
            return refusals.WriteAsync(context, Refusal.OfDoor(reason));

        StreamHead.Set(context.Response, transport);
        if (context.Features.Get<ILinkTakeover>() is not { } takeover)
            return CarryAsync(context, transport, request);

        TakeOver(context, takeover, transport, request);
        return Task.CompletedTask;
    }

    private static RequestProblem ForPolls(string parameter) => new(parameter, $"'{parameter}' is for long-polls: ask with Accept: {Negotiation.Json}.");

    private void TakeOver(HttpContext context, ILinkTakeover takeover, FeedTransport transport, FeedRequest request)
    {
        var stream = Open(context, takeover.Link, takeover.Loop, transport, request);
        var head = new ArrayBufferWriter<byte>();
        ResponseHead.Write(context.Response, head);
        WriteFirst(head, transport);
        takeover.Take(context, head.WrittenSpan, stream);
        stream.Wake();
    }

    private async Task CarryAsync(HttpContext context, FeedTransport transport, FeedRequest request)
    {
        using var pipe = new ResponsePipe(context);
        var link = new PipeLink(pipe, Describe(context), cut: pipe.Cut);
        WriteFirst(pipe.Output, transport);
        var stream = Open(context, link, null, transport, request);
        stream.Wake(); // also sends the head
        await link.RunAsync(stream, CancellationToken.None);
    }

    private EventStream Open(HttpContext context, Link link, IFeedLoop? loop, FeedTransport transport, FeedRequest request)
    {
        var isSse = transport == FeedTransport.Sse;
        IEventEncoding encoding = isSse ? new SseEncoding(request.Format) : new JsonLineEncoding(request.Format, null);
        var stream = new EventStream(link, transport, place);
        var options = request.Options(isSse ? "sse" : "ndjson", Peer.Of(context)?.ToString());
        try
        {
            stream.Carry(feeds.Open(request.Definition(ReaderIdentity.Of(context), encoding), options, stream, loop));
            return stream;
        }
        catch
        {
            place.Admission.Leave(); // no link will say that it has gone
            throw;
        }
    }

    private void WriteFirst(IBufferWriter<byte> output, FeedTransport transport)
    {
        if (transport != FeedTransport.Sse)
            return;
        StreamHead.WriteRetry(output, place.Retries.Usual);
        output.Write("\n"u8);
    }

    private static LinkInfo Describe(HttpContext context) => new(context.Request.IsHttps ? LinkTransport.Tls : LinkTransport.Tcp, Peer.Of(context));
}
