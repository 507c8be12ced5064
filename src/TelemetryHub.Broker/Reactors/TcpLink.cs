using System.Net;
using TelemetryHub.Broker.Links;
using static TelemetryHub.Broker.Reactors.Libc;

namespace TelemetryHub.Broker.Reactors;

/// <summary>
/// A TCP connection owned by a reactor. Receives into the reactor's buffer and keeps only what is not a whole packet yet;
/// writes through the reactor's buffer and keeps only what the kernel did not take.
/// </summary>
public sealed unsafe class TcpLink : Link, IReactorSource
{
    // One connection may send this often, so many bytes each time, before the others get theirs. Together more than a reactor
    // reads before it writes: a subscriber that takes everything is never behind because of the hub.
    private const int SendsPerTurn = 16;
    private const int SendBytes = 64 * 1024;

    private readonly Reactor _reactor;
    private readonly int _socket;
    private ILinkHandler _handler = null!;
    private bool _isStarted;
    private uint _interest;
    private Pending _unread; // received, not yet used by the handler
    private Pending _unsent; // encoded, not yet taken by the kernel
    private long _blockedSince;
    private bool _isListed; // in the reactor's list of those who write. Interlocked.
    private bool _isPaused, _peerIsDone, _closeWhenSent, _isClosed, _isLingering;

    internal TcpLink(Reactor reactor, int socket, LinkInfo info) : base(info) => (_reactor, _socket) = (reactor, socket);

    /// <summary>The thread that owns it.</summary>
    public Reactor Reactor => _reactor;

    /// <summary>Our end of the connection. On the owner, before the end.</summary>
    public IPEndPoint? Local => LocalAddress(_socket);

    ulong IReactorSource.Key { get; set; }

    /// <inheritdoc/>
    public override long BlockedSince => Volatile.Read(ref _blockedSince);

    /// <summary>Begins to read. On the reactor's thread.</summary>
    internal void Start(ILinkHandler handler)
    {
        _handler = handler;
        _interest = EPOLLIN;
        _reactor.Add(this, _socket, _interest);
        _isStarted = true;
    }

    /// <inheritdoc/>
    public override void Wake()
    {
        if (!Interlocked.Exchange(ref _isListed, true))
            _reactor.AddToWrite(this);
    }

    /// <inheritdoc/>
    public override void Post(Action action) => _reactor.Post(() =>
    {
        if (!_isClosed)
            action();
    });

    /// <inheritdoc/>
    public override void PauseReading()
    {
        _isPaused = true;
        UpdateInterest();
    }

    /// <inheritdoc/>
    public override void ResumeReading()
    {
        if (!_isPaused || _isClosed)
            return;
        _isPaused = false;
        if (_unread.Count > 0)
            HandleUnread();
        UpdateInterest();
    }

    /// <inheritdoc/>
    public override void Abort()
    {
        if (_reactor.IsCurrentThread)
            End(LinkEnd.Aborted);
        else
            _reactor.Post(() => End(LinkEnd.Aborted));
    }

    /// <summary>
    /// Gives the connection to another handler; the one before is not called any more. On the owner; of the calls of a handler only within <see cref="ILinkHandler.Fill"/>.
    /// </summary>
    /// <param name="handler">Told of the end from now on.</param>
    /// <param name="unused">Bytes that the one before took and did not use: they are the next ones that the handler receives.</param>
    public void HandTo(ILinkHandler handler, ReadOnlySpan<byte> unused)
    {
        _handler = handler;
        if (!unused.IsEmpty)
            _unread.Keep(unused);
        _isPaused = false;
        if (_unread.Count > 0)
            HandleUnread();
        if (_peerIsDone && handler is not IHalfOpenHandler)
            End(LinkEnd.PeerClosed);
        UpdateInterest();
    }

    /// <summary>
    /// Sends what the kernel takes at once, past the reactor: for a handler that knows that it has nothing else on its way and that this thread and the
    /// reactor do not send at the same time. Any thread, before <see cref="ILinkHandler.OnClosed"/> has returned. A failure is 0; the reactor finds it.
    /// </summary>
    public int SendHere(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
            return Math.Max(0, Libc.Send(_socket, first, bytes.Length));
    }

    void IReactorSource.OnStopping() => Stop();

    int IReactorSource.OnReady(uint events)
    {
        if (_isLingering)
            return ReadForNothing();
        if ((events & EPOLLOUT) != 0)
            SendUnsent();
        if (_isPaused || _peerIsDone || _isClosed)
        {
            if ((events & (EPOLLERR | EPOLLHUP)) != 0)
                End(LinkEnd.Reset); // reported even when nothing is asked for: a paused peer that is gone must not spin
            return 0;
        }
        return (events & (EPOLLIN | EPOLLERR | EPOLLHUP)) == 0 ? 0 : Read();
    }

    /// <summary>Cuts it, whatever it does.</summary>
    internal void Stop()
    {
        End(LinkEnd.Aborted);
        EndLingering();
    }

    /// <summary>The peer had its time to close.</summary>
    internal void EndLingering()
    {
        if (!_isLingering)
            return;
        _isLingering = false;
        CloseSocket(isReset: false);
    }

    /// <summary>Lets the handler encode what waits, and sends it. The reactor calls it once for every <see cref="Wake"/>.</summary>
    internal void WriteWaiting()
    {
        Interlocked.Exchange(ref _isListed, false); // a full fence, before the fill: what is delivered during it wakes again
        if (_isClosed || _unsent.Count > 0)
            return;
        for (var sends = 0; sends < SendsPerTurn; sends++)
        {
            var output = _reactor.Output;
            output.Clear();
            var result = _handler.Fill(output, SendBytes);
            if (_isClosed)
                return; // a handler that was given the link in there may have cut it
            _closeWhenSent |= result == FillResult.Close;
            if (!TrySend(output.Written) || result == FillResult.Empty)
                return;
            if (_closeWhenSent)
            {
                End(LinkEnd.Closed);
                return;
            }
        }
        Wake();
    }

    private int Read()
    {
        var received = _unread.Count == 0 ? Receive(_socket, _reactor.Input, Reactor.InputBytes) : _unread.Receive(_socket, _handler.NeededBytes);
        if (received <= 0)
        {
            if (received == 0)
                OnPeerDone();
            else if (received is not (-EAGAIN or -EINTR))
                End(LinkEnd.Reset);
            return 0;
        }
        if (_unread.Count > 0)
        {
            HandleUnread();
            return received;
        }
        var bytes = new ReadOnlySpan<byte>(_reactor.Input, received);
        var used = _handler.OnReceived(bytes);
        if (used < received && !_isClosed)
            _unread.Keep(bytes[used..]);
        return received;
    }

    private void OnPeerDone()
    {
        if (_handler is not IHalfOpenHandler handler)
        {
            End(LinkEnd.PeerClosed);
            return;
        }
        _peerIsDone = true;
        UpdateInterest();
        handler.OnPeerDone();
    }

    private void HandleUnread()
    {
        if (_unread.Count < _handler.NeededBytes)
            return;
        var used = _handler.OnReceived(_unread.Bytes);
        if (!_isClosed)
            _unread.Consume(used);
    }

    private bool TrySend(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return true;
        var sent = Send(bytes);
        if (sent == bytes.Length)
            return true;
        if (sent < 0)
            return false;
        _unsent.Keep(bytes[sent..]);
        Volatile.Write(ref _blockedSince, _reactor.Now);
        UpdateInterest();
        return false;
    }

    private void SendUnsent()
    {
        if (_unsent.Count == 0)
            return;
        var sent = Send(_unsent.Bytes);
        if (sent <= 0)
            return;
        _unsent.Consume(sent);
        Volatile.Write(ref _blockedSince, _unsent.Count == 0 ? 0 : _reactor.Now);
        if (_unsent.Count > 0)
            return;
        UpdateInterest();
        if (_closeWhenSent)
            End(LinkEnd.Closed);
        else
            Wake();
    }

    // Bytes taken by the kernel; -1 when the connection is gone.
    private int Send(ReadOnlySpan<byte> bytes)
    {
        int sent;
        fixed (byte* first = bytes)
            sent = Libc.Send(_socket, first, bytes.Length);
        if (sent >= 0)
            return sent;
        if (sent is -EAGAIN or -EINTR)
            return 0;
        End(LinkEnd.Reset);
        return -1;
    }

    private void UpdateInterest()
    {
        if (_isClosed || !_isStarted)
            return;
        var wanted = (_isPaused || _peerIsDone ? 0 : EPOLLIN) | (_unsent.Count > 0 ? EPOLLOUT : 0);
        if (wanted == _interest)
            return;
        _interest = wanted;
        _reactor.Change(this, _socket, wanted);
    }

    private void End(LinkEnd end)
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _unread.Release();
        _unsent.Release();
        Volatile.Write(ref _blockedSince, 0);
        try
        {
            _handler?.OnClosed(end); // first: when the peer sees the end, everything that follows from it has happened
        }
        finally
        {
            if (end == LinkEnd.Closed && _isStarted)
                Linger();
            else
                CloseSocket(isReset: end == LinkEnd.Aborted);
        }
    }

    // Closing a socket with unread input resets it, and the peer may lose the last bytes that it was sent: the reason for closing.
    // So only our side is closed, and the peer's bytes are thrown away until it closes, too, or its time is up.
    private void Linger()
    {
        _isLingering = true;
        _isPaused = false;
        ShutDownSending(_socket);
        if (_interest != EPOLLIN)
            _reactor.Change(this, _socket, EPOLLIN);
        _reactor.Linger(this);
    }

    private int ReadForNothing()
    {
        var received = Receive(_socket, _reactor.Input, Reactor.InputBytes);
        if (received is 0 or (< 0 and not (-EAGAIN or -EINTR)))
            EndLingering();
        return 0;
    }

    private void CloseSocket(bool isReset)
    {
        if (_isStarted)
            _reactor.Remove(this, _socket);
        if (isReset)
            ResetOnClose(_socket);
        Close(_socket);
    }
}
