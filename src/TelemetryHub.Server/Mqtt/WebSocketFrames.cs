using System.Buffers;
using System.IO.Pipelines;
using System.Net.WebSockets;

namespace TelemetryHub.Server.Mqtt;

/// <summary>Sends what was written between two flushes as one binary message. Its buffer is rented while bytes wait, and only then.</summary>
/// <param name="socket">The WebSocket; closed on completion in order.</param>
/// <param name="bytes">The reading side, which knows whether the peer sent text.</param>
/// <param name="cut">Ends a flush that is stuck.</param>
internal sealed class WebSocketFrames(WebSocket socket, WebSocketBytes bytes, Action cut) : PipeWriter
{
    private const int MinBufferBytes = 512;

    private byte[] _buffer = [];
    private int _written;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _written;

    public override void Advance(int bytes) => _written += bytes;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        var needed = _written + Math.Max(sizeHint, 1);
        if (needed > _buffer.Length) Grow(needed);
        return _buffer.AsMemory(_written);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (_written == 0) return ValueTask.FromResult(new FlushResult(isCanceled: false, isCompleted: socket.State is not WebSocketState.Open));

        var sending = socket.SendAsync(_buffer.AsMemory(0, _written), WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
        if (!sending.IsCompletedSuccessfully) return FlushedAsync(sending);
        sending.GetAwaiter().GetResult();
        Return();
        return default;
    }

    public override void CancelPendingFlush() => cut();

    public override void Complete(Exception? exception = null) => Return();

    /// <summary>Says goodbye, unless the connection broke: to a peer that sent text with 1003, to others with 1000.</summary>
    public override ValueTask CompleteAsync(Exception? exception = null)
    {
        Return();
        if (bytes.SawText) return CloseAsync(WebSocketCloseStatus.InvalidMessageType);
        return exception is null ? CloseAsync(WebSocketCloseStatus.NormalClosure) : default;
    }

    /// <summary>Sends a close frame, or answers the peer's.</summary>
    public async ValueTask CloseAsync(WebSocketCloseStatus status)
    {
        if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived)) return;
        bytes.Leave(MqttConnectionHandler.ClosingTimeout);
        await socket.CloseOutputAsync(status, null, CancellationToken.None);
    }

    private async ValueTask<FlushResult> FlushedAsync(ValueTask sending)
    {
        try
        {
            await sending.ConfigureAwait(false);
        }
        catch (WebSocketException error)
        {
            throw new IOException("The peer is gone.", error);
        }

        Return();
        return default;
    }

    private void Grow(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(MinBufferBytes, _buffer.Length * 2)));
        _buffer.AsSpan(0, _written).CopyTo(larger);
        var written = _written;
        Return();
        _buffer = larger;
        _written = written;
    }

    private void Return()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _written = 0;
    }
}
