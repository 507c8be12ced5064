using System.Net.WebSockets;

namespace TelemetryHub.Server.Tests.Feeds.WebSockets.Frames;

/// <summary>The framework's own WebSocket as a client, over a stream that keeps what it sends and gives what it is to receive.</summary>
internal sealed class WebSocketPair : Stream
{
    private readonly MemoryStream _toReceive = new();

    public WebSocketPair()
        => Client = WebSocket.CreateFromStream(this, new WebSocketCreationOptions { IsServer = false, KeepAliveInterval = Timeout.InfiniteTimeSpan });

    public WebSocket Client { get; }

    public MemoryStream Sent { get; } = new();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get; set; }

    /// <summary>The client shall receive this.</summary>
    public void Give(ReadOnlySpan<byte> bytes)
    {
        var position = _toReceive.Position;
        _toReceive.Seek(0, SeekOrigin.End);
        _toReceive.Write(bytes);
        _toReceive.Position = position;
    }

    public override int Read(byte[] buffer, int offset, int count) => _toReceive.Read(buffer, offset, count);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        => ValueTask.FromResult(_toReceive.Read(buffer.Span));

    public override void Write(byte[] buffer, int offset, int count) => Sent.Write(buffer, offset, count);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Sent.Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Flush()
    {
        // Nothing is held back.
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
