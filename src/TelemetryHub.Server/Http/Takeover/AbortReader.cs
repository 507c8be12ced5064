using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Threading.Tasks.Sources;

namespace TelemetryHub.Server.Http.Takeover;

/// <summary>The input of a stream that only writes: no bytes, and its end is the end of the request.</summary>
internal sealed class AbortReader : PipeReader, IValueTaskSource<ReadResult>
{
    private readonly Lock _lock = new(); // guards what follows
    private ManualResetValueTaskSourceCore<ReadResult> _read = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _registration;
    private bool _isPending, _isOver, _isCancelled;

    public AbortReader(CancellationToken aborted) =>
        _registration = aborted.UnsafeRegister(static reader => ((AbortReader)reader!).End(), this);

    /// <inheritdoc/>
    [SuppressMessage("Reliability", "CA2012", Justification = "One read at a time, as with every pipe.")]
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (Take() is { } result)
                return ValueTask.FromResult(result);
            _read.Reset();
            _isPending = true;
            return new ValueTask<ReadResult>(this, _read.Version);
        }
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        lock (_lock)
        {
            var taken = Take();
            result = taken.GetValueOrDefault();
            return taken is not null;
        }
    }

    /// <inheritdoc/>
    public override void CancelPendingRead()
    {
        lock (_lock)
        {
            _isCancelled = true;
            Answer();
        }
    }

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => _registration.Unregister();

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed)
    {
        // Nothing is ever read.
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        // Nothing is ever read.
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token) => _read.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _read.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _read.OnCompleted(continuation, state, token, flags);

    private void End()
    {
        lock (_lock)
        {
            _isOver = true;
            Answer();
        }
    }

    private void Answer()
    {
        if (!_isPending)
            return;
        _isPending = false;
        _read.SetResult(Take()!.Value);
    }

    private ReadResult? Take()
    {
        if (!_isOver && !_isCancelled)
            return null;
        var result = new ReadResult(ReadOnlySequence<byte>.Empty, _isCancelled, _isOver);
        _isCancelled = false;
        return result;
    }
}
