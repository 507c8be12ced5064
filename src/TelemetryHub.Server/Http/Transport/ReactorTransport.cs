using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using TelemetryHub.Server.Hosting;

namespace TelemetryHub.Server.Http.Transport;

/// <summary>
/// Kestrel on our own reactors, for the addresses that ask for it by being a <see cref="ReactorEndPoint"/>.
/// See docs/decisions/0007-http-over-the-reactor.md.
/// </summary>
internal sealed class ReactorTransport(
    HttpReactors reactors, IMemoryPoolFactory<byte> pools, IOptions<SocketTransportOptions> options, ILogger<ReactorTransport> logger)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly LinkPipes _pipes = new(pools, options.Value);

    public bool CanBind(EndPoint endpoint) => endpoint is ReactorEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        try
        {
            var socket = options.Value.CreateBoundListenSocket(endpoint);
            return ValueTask.FromResult<IConnectionListener>(new ReactorListener(socket, reactors.All, _pipes, logger));
        }
        catch (SocketException failure)
        {
            throw new ListenException(endpoint, failure);
        }
    }
}
