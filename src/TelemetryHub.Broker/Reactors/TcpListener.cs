using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using TelemetryHub.Broker.Links;
using static TelemetryHub.Broker.Reactors.Libc;

namespace TelemetryHub.Broker.Reactors;

/// <summary>Accepts TCP connections on one address and deals them out to the reactors in turn.</summary>
public sealed unsafe partial class TcpListener : IReactorSource, IDisposable
{
    // A storm of connections must not keep the connected ones waiting: so many a turn, the kernel's queue holds the rest.
    private const int AcceptsPerTurn = 64;
    private const int Backlog = 4096;
    private const long QuietMilliseconds = 10_000;
    private const int KeepAliveSeconds = 60;

    private readonly Reactor[] _reactors;
    private readonly ILinkAcceptor _acceptor;
    private readonly ILogger _logger;
    private readonly Socket _socket;
    private readonly int _descriptor;
    private readonly Timer _again;
    private long _quietUntil;
    private long _faultsQuietUntil; // any reactor's
    private int _turn;
    private bool _isClosed;

    private TcpListener(Socket socket, Reactor[] reactors, ILinkAcceptor acceptor, ILogger logger)
    {
        (_socket, _reactors, _acceptor, _logger) = (socket, reactors, acceptor, logger);
        _descriptor = (int)socket.Handle;
        _again = new Timer(_ => Owner.Post(() => SetAccepting(true)));
    }

    /// <summary>Where it listens, with the real port.</summary>
    public IPEndPoint Address => (IPEndPoint)_socket.LocalEndPoint!;

    ulong IReactorSource.Key { get; set; }

    private Reactor Owner => _reactors[0];

    /// <summary>Binds and listens; throws <see cref="SocketException"/> when the address is taken or not ours.</summary>
    public static TcpListener Start(IPEndPoint address, Reactor[] reactors, ILinkAcceptor acceptor, ILogger logger)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // Not ReuseAddress: the runtime would let a second process have the same port. Restarting at once works without it.
            socket.Bind(address);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        return Start(socket, reactors, acceptor, logger);
    }

    /// <summary>Listens on a socket that is bound already, and owns it from now on; throws <see cref="SocketException"/> when the address is taken.</summary>
    public static TcpListener Start(Socket socket, Reactor[] reactors, ILinkAcceptor acceptor, ILogger logger)
    {
        try
        {
            KeepAlive(socket);
            socket.Listen(Backlog);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        var listener = new TcpListener(socket, reactors, acceptor, logger);
        SetNonBlocking(listener._descriptor);
        listener.Owner.Post(() => listener.Owner.Add(listener, listener._descriptor, EPOLLIN));
        return listener;
    }

    /// <summary>Stops accepting; what was accepted goes on.</summary>
    public void Dispose() => Owner.Post(((IReactorSource)this).OnStopping);

    int IReactorSource.OnReady(uint events)
    {
        var address = stackalloc byte[SocketAddresses.MaxBytes];
        for (var accepted = 0; accepted < AcceptsPerTurn; accepted++)
        {
            var addressBytes = SocketAddresses.MaxBytes;
            var socket = Accept(_descriptor, address, &addressBytes);
            if (socket >= 0)
                Deal(socket, SocketAddresses.Parse(new ReadOnlySpan<byte>(address, SocketAddresses.MaxBytes)));
            else if (socket == -EAGAIN)
                return 0;
            else if (socket is not (-ECONNABORTED or -EINTR or -EPERM))
                return Rest(-socket);
        }
        return 0;
    }

    void IReactorSource.OnStopping()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _again.Dispose();
        Owner.Remove(this, _descriptor);
        _socket.Dispose();
    }

    // Linux gives what is accepted the same options. A peer that vanished without a word (no power, no network) would otherwise be kept for ever where nothing is
    // sent to it: a body that is posted line by line, an MQTT client without a keep-alive.
    private static void KeepAlive(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveSeconds / 4);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 4);
    }

    private void Deal(int socket, IPEndPoint? remote)
    {
        SetNoDelay(socket);
        var reactor = _reactors[_turn++ % _reactors.Length];
        if (reactor == Owner)
            Begin(reactor, socket, remote);
        else
            reactor.Post(() => Begin(reactor, socket, remote));
    }

    private void Begin(Reactor reactor, int socket, IPEndPoint? remote)
    {
        var link = new TcpLink(reactor, socket, new LinkInfo(LinkTransport.Tcp, remote));
        try
        {
            if (_acceptor.Accept(link) is { } handler)
                link.Start(handler);
            else
                Close(socket);
        }
        catch (Exception fault) // a bug, or no room for one more in the kernel: it costs this connection, and not the listener
        {
            if (reactor.Now >= Interlocked.Exchange(ref _faultsQuietUntil, reactor.Now + QuietMilliseconds))
                Log.CannotBegin(_logger, fault);
            link.Stop();
        }
    }

    // Out of descriptors or memory: accepting again would fail at once and spin. The kernel's queue holds the newcomers for a moment.
    private int Rest(int error)
    {
        if (Owner.Now >= _quietUntil)
        {
            Log.CannotAccept(_logger, Marshal.GetPInvokeErrorMessage(error));
            _quietUntil = Owner.Now + QuietMilliseconds;
        }
        SetAccepting(false);
        _again.Change(TimeSpan.FromMilliseconds(200), Timeout.InfiniteTimeSpan);
        return 0;
    }

    private void SetAccepting(bool on)
    {
        if (!_isClosed)
            Owner.Change(this, _descriptor, on ? EPOLLIN : 0);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot accept new connections for the moment: {Error}. If it is the number of open files, raise the limit (ulimit -n)")]
        public static partial void CannotAccept(ILogger logger, string error);

        [LoggerMessage(Level = LogLevel.Error, Message = "A new connection was cut because it could not be served")]
        public static partial void CannotBegin(ILogger logger, Exception fault);
    }
}
