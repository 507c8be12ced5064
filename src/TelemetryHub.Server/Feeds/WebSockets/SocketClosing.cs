namespace TelemetryHub.Server.Feeds.WebSockets;

/// <summary>
/// How a socket ends (RFC 6455 §7): the first reason counts and is sent; then the peer's close frame is waited for, unless it came before or the
/// peer cannot be understood any more. Belongs to the link's owner where nothing else is said.
/// </summary>
internal sealed class SocketClosing
{
    /// <summary>Who has not answered by then does not.</summary>
    private const long PatienceMilliseconds = 2000;

    private int _code;
    private bool _hasFailed;
    private volatile bool _isSent;
    private volatile bool _isTooLate;
    private long? _sentAt; // as seen by the upkeep

    /// <summary>What is, or will be, in the close frame. Any thread.</summary>
    public CloseCode Code => (CloseCode)Volatile.Read(ref _code);

    /// <summary>The socket is to end. Any thread.</summary>
    public bool HasBegun => Code != CloseCode.None;

    /// <summary>The close frame was written. Any thread.</summary>
    public bool IsSent => _isSent;

    /// <summary>The peer's close frame has come.</summary>
    public bool HasPeerClosed { get; private set; }

    /// <summary>What still comes is not looked at.</summary>
    public bool IsDeaf => HasPeerClosed || _hasFailed;

    /// <summary>Nothing is left to be waited for.</summary>
    public bool IsOver => _isSent && (IsDeaf || _isTooLate);

    /// <summary>Has the socket end, unless it ends already. Any thread.</summary>
    public void Begin(CloseCode code) => Interlocked.CompareExchange(ref _code, (int)code, (int)CloseCode.None);

    /// <summary>What came cannot be understood: there is no use in waiting for a close frame.</summary>
    public void Fail(CloseCode code)
    {
        _hasFailed = true;
        Begin(code);
    }

    /// <summary>The peer's close frame, which is answered with the same code, unless ours was sent already.</summary>
    public void EndByPeer(CloseCode code)
    {
        HasPeerClosed = true;
        Begin(code);
    }

    /// <summary>Our close frame is on its way.</summary>
    public void OnSent() => _isSent = true;

    /// <summary>Time has passed; true when the peer's close frame is waited for no longer. By the upkeep.</summary>
    public bool GiveUp(long now)
    {
        _sentAt ??= now;
        if (now - _sentAt < PatienceMilliseconds) return false;
        _isTooLate = true;
        return true;
    }
}
