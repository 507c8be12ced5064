using System.Net.WebSockets;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using TelemetryHub.Broker.Links;
using TelemetryHub.Broker.Reactors;
using TelemetryHub.Server.Http;
using TelemetryHub.Server.Http.Takeover;

namespace TelemetryHub.Server.Mqtt;

/// <summary>MQTT in WebSockets at <c>/mqtt</c> (MQTT 5 §6).</summary>
internal static class MqttWebSocketEndpoint
{
    private const string Path = "/mqtt";

    // Registered with IANA, unknown to the enumeration.
    private const WebSocketCloseStatus TryAgainLater = (WebSocketCloseStatus)1013;

    // The second is what clients of MQTT 3.1 call it.
    private static readonly string[] SubProtocols = ["mqtt", "mqttv3.1"];

    /// <summary>Serves it. Brings the WebSocket middleware along, so that it works in any application.</summary>
    public static IEndpointRouteBuilder MapMqttWebSocket(this IEndpointRouteBuilder endpoints)
    {
        var acceptor = endpoints.ServiceProvider.GetRequiredService<ILinkAcceptor>();
        var work = endpoints.ServiceProvider.GetRequiredService<IReactorWork>();
        var pipeline = endpoints.CreateApplicationBuilder();
        pipeline.UseWebSockets(new WebSocketOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan });
        pipeline.Run(context => ServeAsync(context, acceptor, work));
        endpoints.Map(Path, pipeline.Build());
        return endpoints;
    }

    private static Task ServeAsync(HttpContext context, ILinkAcceptor acceptor, IReactorWork work)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.Headers.Upgrade = "websocket";
            return RefuseAsync(context, StatusCodes.Status426UpgradeRequired, "This address speaks MQTT in WebSockets.");
        }

        // MQTT 5 §6.0, [MQTT-6.0.0-3]: the client MUST offer it. Who does not is most likely not an MQTT client.
        var offered = context.WebSockets.WebSocketRequestedProtocols;
        return offered.FirstOrDefault(name => SubProtocols.Contains(name, StringComparer.Ordinal)) is { } chosen
            ? CarryAsync(context, acceptor, work, chosen)
            : RefuseAsync(context, StatusCodes.Status400BadRequest, "Offer the WebSocket subprotocol 'mqtt' (or 'mqttv3.1').");
    }

    private static async Task CarryAsync(HttpContext context, ILinkAcceptor acceptor, IReactorWork work, string subProtocol)
    {
        // A quiet client is not a slow one, and a slow one is the broker's business.
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } requestRate) requestRate.MinDataRate = null;
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } responseRate) responseRate.MinDataRate = null;

        // No pings either: MQTT has its own keep-alive.
        var accept = new WebSocketAcceptContext { SubProtocol = subProtocol, KeepAliveInterval = Timeout.InfiniteTimeSpan };
        using var socket = await context.WebSockets.AcceptWebSocketAsync(accept);
        using var cut = new RequestCut(context);
        using var pipe = new WebSocketPipe(socket, cut.Cut);
        var link = new PipeLink(pipe, Describe(context), work, cut.Cut);
        if (acceptor.Accept(link) is { } handler)
        {
            // Not cancelled by RequestAborted: what the peer sent before it closed is still to be read.
            await link.RunAsync(handler, CancellationToken.None);
        }
        else
        {
            await pipe.RefuseAsync(TryAgainLater);
        }

        await pipe.LeaveAsync();
    }

    private static LinkInfo Describe(HttpContext context)
        => new(LinkTransport.WebSocket, Peer.Of(context)) { ClientCertificate = context.Connection.ClientCertificate };

    private static Task RefuseAsync(HttpContext context, int status, string detail)
        => Results.Problem(detail, statusCode: status).ExecuteAsync(context);
}
