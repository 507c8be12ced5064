using System.Buffers;
using System.IO.Pipelines;

namespace TelemetryHub.Server.Http.Transport;

/// <summary>What the web server reads from: a pipe, until that is taken away; then it sees the end.</summary>
internal sealed class DetachableReader(PipeReader inner) : PipeReader
{
    private static readonly ReadResult End = new(ReadOnlySequence<byte>.Empty, isCanceled: false, isCompleted: true);

    private volatile bool _isDetached;

    /// <summary>From now on the pipe is read by somebody else. Not while it is being read.</summary>
    public void Detach() => _isDetached = true;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        _isDetached ? ValueTask.FromResult(End) : inner.ReadAsync(cancellationToken);

    public override bool TryRead(out ReadResult result)
    {
        if (!_isDetached)
            return inner.TryRead(out result);
        result = End;
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (!_isDetached)
            inner.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead()
    {
        if (!_isDetached)
            inner.CancelPendingRead();
    }

    public override void Complete(Exception? exception = null)
    {
        // Why it reads no more is nothing to the reactor, to which the pipe would throw it.
        if (!_isDetached)
            inner.Complete();
    }
}
