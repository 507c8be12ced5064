using System.IO.Pipelines;

namespace TelemetryHub.Server.Http.Transport;

/// <summary>
/// What the web server writes to: a pipe whose other end is woken by each flush, until that is taken away; from then on what is written goes nowhere.
/// </summary>
internal sealed class DetachableWriter(PipeWriter inner, LinkBridge bridge) : PipeWriter
{
    // Written to by anybody at any time and never read.
    private static readonly byte[] Nowhere = new byte[4096];

    private volatile bool _isDetached;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _isDetached ? 0 : inner.UnflushedBytes;

    /// <summary>Ends the pipe with what has been written so far. Not while it is being written.</summary>
    public void Detach()
    {
        _isDetached = true;
        inner.Complete();
    }

    public override void Advance(int bytes)
    {
        if (!_isDetached)
            inner.Advance(bytes);
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) =>
        !_isDetached ? inner.GetMemory(sizeHint) : sizeHint <= Nowhere.Length ? Nowhere : new byte[sizeHint];

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (_isDetached)
            return default;
        var flush = inner.FlushAsync(cancellationToken);
        bridge.OnFlushed();
        return flush;
    }

    public override void CancelPendingFlush()
    {
        if (!_isDetached)
            inner.CancelPendingFlush();
    }

    public override void Complete(Exception? exception = null)
    {
        if (_isDetached)
            return;
        // The pipe would hand the exception to the reactor. It means that the response is not whole, which the peer must see.
        if (exception is not null)
            bridge.Cut();
        inner.Complete();
        bridge.OnFlushed();
    }
}
