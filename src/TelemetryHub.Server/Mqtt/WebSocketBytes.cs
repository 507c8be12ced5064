using System.Net.WebSockets;

namespace TelemetryHub.Server.Mqtt;

/// <summary>
/// The bytes of a WebSocket's binary messages, one after the other. MQTT 5 §6.0: packets need not be aligned with frames, so the bounds of
/// messages mean nothing, and a message may be of any length: nothing is collected here.
/// </summary>
/// <param name="socket">The WebSocket; only read from here.</param>
/// <param name="cut">Ends the connection at once.</param>
internal sealed class WebSocketBytes(WebSocket socket, Action cut) : Stream
{
    private const int DiscardBytes = 1024;

    private CancellationTokenSource? _deadline;
    private volatile byte[]? _discard;
    private bool _ended;

    /// <summary>The peer sent a text message.</summary>
    public bool SawText { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The connection is gone.</exception>
    /// <exception cref="InvalidDataException">The peer broke the protocol.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // The socket is not given the token: a cancelled receive would break off the closing, too.
        using var cancelling = cancellationToken.UnsafeRegister(static bytes => ((WebSocketBytes)bytes!).OnCancelled(), this);
        try
        {
            while (!_ended)
            {
                var received = await socket.ReceiveAsync(_discard ?? buffer, CancellationToken.None).ConfigureAwait(false);
                if (Take(received) && _discard is null && (received.Count > 0 || buffer.IsEmpty)) return received.Count;
            }

            return 0; // also when asked again, where the socket would throw
        }
        catch (WebSocketException error) when (error.WebSocketErrorCode == WebSocketError.ConnectionClosedPrematurely)
        {
            throw new IOException("The peer closed without a close frame.", error);
        }
        catch (WebSocketException error)
        {
            throw new InvalidDataException("The peer broke the WebSocket protocol.", error);
        }
    }

    /// <summary>
    /// From now on what arrives is thrown away, up to the peer's close frame. Closing TCP with bytes unread would reset the connection,
    /// and the last bytes sent would be lost on their way.
    /// </summary>
    public void Leave(TimeSpan timeout)
    {
        if (_deadline is not null) return;
        _deadline = new CancellationTokenSource(timeout);
        _deadline.Token.UnsafeRegister(static cut => ((Action)cut!)(), cut);
        _discard = new byte[DiscardBytes];
    }

    /// <summary>Waits for the peer's close frame.</summary>
    public async Task DiscardAsync()
    {
        Leave(MqttConnectionHandler.ClosingTimeout);
        try
        {
            while (!_ended) Take(await socket.ReceiveAsync(_discard.AsMemory(), CancellationToken.None));
        }
        catch (Exception error) when (error is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Gone without an answer, or the deadline cut: it ends either way.
        }
    }

    protected override void Dispose(bool disposing)
    {
        _deadline?.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>
    /// Whether it may be data. An empty frame must not look like the end to the reader; where it asked with an empty buffer,
    /// though, nothing means that something is there.
    /// </summary>
    private bool Take(ValueWebSocketReceiveResult received)
    {
        _ended = received.MessageType == WebSocketMessageType.Close;
        if (received.MessageType == WebSocketMessageType.Text && _discard is null)
        {
            // MQTT 5 §6.0, [MQTT-6.0.0-1]: binary frames only.
            SawText = true;
            throw new InvalidDataException("a text message");
        }

        return !_ended;
    }

    private void OnCancelled()
    {
        // While leaving, the deadline cuts.
        if (_discard is null) cut();
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();
}
