using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using TelemetryHub.Broker.Links;
using TelemetryHub.Broker.Reactors;
using TcpListener = TelemetryHub.Broker.Reactors.TcpListener;

namespace TelemetryHub.Server.Http.Transport;

/// <summary>One address of the web server: what the reactors accept waits here until Kestrel asks for it, which it does at once.</summary>
internal sealed class ReactorListener : IConnectionListener, ILinkAcceptor
{
    private readonly Channel<LinkConnection> _accepted = Channel.CreateUnbounded<LinkConnection>(new() { SingleReader = true });
    private readonly Reactor _owner;
    private readonly LinkPipes _pipes;
    private readonly ILogger _logger;
    private readonly TcpListener _listener;
    private readonly IPEndPoint _address;

    public ReactorListener(Socket bound, Reactor[] reactors, LinkPipes pipes, ILogger logger)
    {
        (_owner, _pipes, _logger) = (reactors[0], pipes, logger);
        _address = (IPEndPoint)bound.LocalEndPoint!; // before anybody can connect
        _listener = TcpListener.Start(bound, reactors, this, logger);
    }

    public EndPoint EndPoint => _address;

    public ILinkHandler? Accept(Link link)
    {
        var tcp = (TcpLink)link;
        var connection = new LinkConnection(tcp, _pipes, _logger)
        {
            LocalEndPoint = _address.Address.Equals(IPAddress.Any) || _address.Address.Equals(IPAddress.IPv6Any) ? tcp.Local : _address,
            RemoteEndPoint = link.Info.Remote,
        };
        return _accepted.Writer.TryWrite(connection) ? connection.Bridge : null;
    }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _accepted.Reader.WaitToReadAsync(cancellationToken))
        {
            if (_accepted.Reader.TryRead(out var connection))
                return connection;
        }

        return null;
    }

    /// <summary>Returns when the address is free again; what was accepted goes on.</summary>
    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        if (!_accepted.Writer.TryComplete())
            return;
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _listener.Dispose();
        _owner.Post(closed.SetResult); // behind the listener's own
        await closed.Task.WaitAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => UnbindAsync();
}
