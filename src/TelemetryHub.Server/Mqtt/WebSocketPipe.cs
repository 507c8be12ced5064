using System.IO.Pipelines;
using System.Net.WebSockets;

namespace TelemetryHub.Server.Mqtt;

/// <summary>A WebSocket as a pipe of bytes. Idle, it holds no buffer: a read waits for bytes before it rents one.</summary>
internal sealed class WebSocketPipe : IDuplexPipe, IDisposable
{
    private static readonly StreamPipeReaderOptions ReadOptions = new(leaveOpen: true, useZeroByteReads: true);
    private readonly WebSocket _socket;
    private readonly WebSocketBytes _bytes;
    private readonly WebSocketFrames _frames;

    public WebSocketPipe(WebSocket socket, Action cut)
    {
        _socket = socket;
        _bytes = new WebSocketBytes(socket, cut);
        Input = PipeReader.Create(_bytes, ReadOptions);
        _frames = new WebSocketFrames(socket, _bytes, cut);
    }

    public PipeReader Input { get; }

    public PipeWriter Output => _frames;

    /// <summary>Closes a connection that nobody took.</summary>
    public ValueTask RefuseAsync(WebSocketCloseStatus status) => _frames.CloseAsync(status);

    /// <summary>Once both halves are completed: waits for the peer's close frame, when ours was sent.</summary>
    public Task LeaveAsync() => _socket.State == WebSocketState.CloseSent ? _bytes.DiscardAsync() : Task.CompletedTask;

    public void Dispose() => _bytes.Dispose();
}
