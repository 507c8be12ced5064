using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using TelemetryHub.Server.Hosting;

namespace TelemetryHub.Server.Http;

/// <summary>Kestrel's own sockets; only that a failure to listen names the address, which Kestrel does for some failures and not for others.</summary>
internal sealed class NamedFailures(IOptions<SocketTransportOptions> options, ILoggerFactory loggers) : IConnectionListenerFactory
{
    private readonly SocketTransportFactory _sockets = new(options, loggers);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        try
        {
            return await _sockets.BindAsync(endpoint, cancellationToken);
        }
        catch (SocketException failure)
        {
            throw new ListenException(endpoint, failure);
        }
        catch (AddressInUseException)
        {
            throw new ListenException(endpoint, new SocketException((int)SocketError.AddressAlreadyInUse));
        }
    }
}
