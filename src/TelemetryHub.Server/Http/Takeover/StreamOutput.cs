using System.Buffers;
using System.IO.Pipelines;

namespace TelemetryHub.Server.Http.Takeover;

/// <summary>Writes to a stream what was written between two flushes, in one go. Its buffer is rented while bytes wait, and only then.</summary>
/// <param name="stream">Left open.</param>
/// <param name="cut">Ends a write that is stuck.</param>
internal sealed class StreamOutput(Stream stream, Action cut) : PipeWriter
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
        if (needed > _buffer.Length)
            Grow(needed);
        return _buffer.AsMemory(_written);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (_written == 0)
            return default;
        var writing = stream.WriteAsync(_buffer.AsMemory(0, _written), cancellationToken);
        if (!writing.IsCompletedSuccessfully)
            return FlushedAsync(writing);
        writing.GetAwaiter().GetResult();
        Return();
        return default;
    }

    public override void CancelPendingFlush() => cut();

    public override void Complete(Exception? exception = null) => Return();

    private async ValueTask<FlushResult> FlushedAsync(ValueTask writing)
    {
        await writing.ConfigureAwait(false);
        Return();
        return default;
    }

    private void Grow(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(MinBufferBytes, _buffer.Length * 2)));
        var written = _written;
        _buffer.AsSpan(0, written).CopyTo(larger);
        Return();
        (_buffer, _written) = (larger, written);
    }

    private void Return()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _written) = ([], 0);
    }
}
