using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using TelemetryHub.Broker.Links;
using TelemetryHub.Broker.Reactors;

namespace TelemetryHub.Server.Mqtt;

/// <summary>Brings Kestrel's connections to the broker: TLS, and plain TCP where the system has no epoll.</summary>
internal sealed class MqttConnectionHandler(ILinkAcceptor acceptor, IReactorWork work, TimeProvider time) : ConnectionHandler
{
    /// <summary>How long a peer may take for what is still on its way when the broker closes. Kestrel alone would wait for ever.</summary>
    public static readonly TimeSpan ClosingTimeout = TimeSpan.FromSeconds(5);

    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        var link = new PipeLink(connection.Transport, Describe(connection), work, connection.Abort);
        if (acceptor.Accept(link) is not { } handler)
        {
            connection.Abort();
            return;
        }

        // Not cancelled by ConnectionClosed: what the peer sent before it closed is still to be read.
        if (await link.RunAsync(handler, CancellationToken.None) == LinkEnd.Closed)
            _ = CutLateAsync(connection, connection.ConnectionClosed);
    }

    private static LinkInfo Describe(ConnectionContext connection)
    {
        var tls = connection.Features.Get<ITlsConnectionFeature>();
        return new LinkInfo(tls is null ? LinkTransport.Tcp : LinkTransport.Tls, connection.RemoteEndPoint as IPEndPoint)
        {
            ClientCertificate = tls?.ClientCertificate,
        };
    }

    private async Task CutLateAsync(ConnectionContext connection, CancellationToken closed)
    {
        await Task.Delay(ClosingTimeout, time, closed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!closed.IsCancellationRequested) connection.Abort();
    }
}
