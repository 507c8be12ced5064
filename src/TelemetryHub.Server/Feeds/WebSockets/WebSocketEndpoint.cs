using System.Buffers;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using TelemetryHub.Broker.Links;
using TelemetryHub.Broker.Reactors;
using TelemetryHub.Core.Feeds;
using TelemetryHub.Core.Feeds.Control;
using TelemetryHub.Server.Feeds.Requests;
using TelemetryHub.Server.Http;
using TelemetryHub.Server.Http.Takeover;

namespace TelemetryHub.Server.Feeds.WebSockets;

/// <summary>Events over a WebSocket: on the connection itself where it is ours, otherwise on what the web server makes of it.</summary>
internal sealed class WebSocketEndpoint(SocketPlace place, Refusals refusals, IReactorWork work) : IFeedEndpoint
{
    private const int DrainBytes = 4096;

    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(2);
    private static readonly RequestProblem NoWait = new("wait", "'wait' is for long-polls, not for a WebSocket.");

    /// <inheritdoc/>
    public bool Serves(FeedTransport transport) => transport == FeedTransport.WebSocket;

    /// <inheritdoc/>
    public Task ServeAsync(HttpContext context, FeedTransport transport)
    {
        if (!WebSocketHandshake.TryRead(context, out var handshake, out var refusal)) return refusals.WriteAsync(context, refusal);
        FeedRequest? request = null;
        // Without parameters it is a socket on which nothing is subscribed yet.
        if (context.Request.QueryString.HasValue && !place.Requests.TryRead(context, out request, out var problem))
            return refusals.WriteAsync(context, Refusal.Of(problem));
        if (request?.Wait is not null) return refusals.WriteAsync(context, Refusal.Of(NoWait));
        if (place.Streams.Admission.Enter() is var reason and not ByeReason.None) return refusals.WriteAsync(context, Refusal.OfDoor(reason));

        handshake.Set(context.Response);
        if (handshake.Accept is null || context.Features.Get<ILinkTakeover>() is not { } takeover) return CarryAsync(context, handshake, request);
        TakeOver(context, takeover, handshake, request);
        return Task.CompletedTask;
    }

    private void TakeOver(HttpContext context, ILinkTakeover takeover, WebSocketHandshake handshake, FeedRequest? request)
    {
        var head = new ArrayBufferWriter<byte>();
        ResponseHead.Write(context.Response, head);
        var stream = Open(context, takeover.Link, takeover.Loop, handshake, request);
        takeover.Take(context, head.WrittenSpan, stream);
        takeover.Link.Wake();
    }

    private async Task CarryAsync(HttpContext context, WebSocketHandshake handshake, FeedRequest? request)
    {
        // A quiet peer is not a slow one, and a slow one is the link's business.
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } requestRate) requestRate.MinDataRate = null;
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } responseRate) responseRate.MinDataRate = null;
        using var cut = new RequestCut(context);
        var connection = await UpgradeAsync(context);
        var link = new PipeLink(new StreamPipe(connection, cut.Cut), new LinkInfo(LinkTransport.WebSocket, Peer.Of(context)), work, cut.Cut);
        var stream = Open(context, link, null, handshake, request);
        var end = await link.RunAsync(stream, CancellationToken.None);
        if (end == LinkEnd.Closed && !stream.HasPeerClosed) await DrainAsync(connection);
    }

    private async Task<Stream> UpgradeAsync(HttpContext context)
    {
        try
        {
            return WebSocketHandshake.IsExtendedConnect(context)
                ? await context.Features.GetRequiredFeature<IHttpExtendedConnectFeature>().AcceptAsync()
                : await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        }
        catch
        {
            place.Streams.Admission.Leave(); // no link will say that it has gone
            throw;
        }
    }

    private WebSocketStream Open(HttpContext context, Link link, IFeedLoop? loop, WebSocketHandshake handshake, FeedRequest? request)
    {
        var stream = new WebSocketStream(place, link, loop, handshake.Protocol, ReaderIdentity.Of(context));
        try
        {
            stream.Begin(request);
            return stream;
        }
        catch
        {
            stream.OnClosed(LinkEnd.Aborted); // no link will say it
            throw;
        }
    }

    // Closing TCP with bytes unread would reset the connection, and the close frame be lost on its way.
    private static async Task DrainAsync(Stream connection)
    {
        using var deadline = new CancellationTokenSource(DrainTime);
        try
        {
            var nothing = new byte[DrainBytes];
            while (await connection.ReadAsync(nothing, deadline.Token) > 0)
            {
                // What comes has come too late.
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // Gone, or its time is up: it ends either way.
        }
    }
}
