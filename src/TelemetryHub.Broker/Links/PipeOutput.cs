using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace TelemetryHub.Broker.Links;

/// <summary>The writing half of a <see cref="PipeLink"/>: fill, flush, and nothing more until the flush is through. Owner only.</summary>
internal sealed class PipeOutput(PipeWriter writer, Action completed)
{
    /// <summary>What one fill may encode: large enough that a send is cheap per packet, small enough that a link does not hog memory.</summary>
    public const int BudgetBytes = 64 * 1024;

    private ConfiguredValueTaskAwaitable<FlushResult>.ConfiguredValueTaskAwaiter _flush;
    private PipeOperation _operation;
    private bool _wanted;
    private long _blockedSince;

    /// <summary>Since when a flush has been stuck; 0 when none is. Any thread.</summary>
    public long BlockedSince => Volatile.Read(ref _blockedSince);

    public bool IsPending => _operation == PipeOperation.Pending;

    /// <summary>Whether the handler has written its last bytes.</summary>
    public bool IsClosing { get; private set; }

    public bool CanFill => _wanted && !IsClosing && _operation == PipeOperation.None;

    public void Want() => _wanted = true;

    /// <summary>Returns how the connection ended, when it did.</summary>
    [SuppressMessage("Reliability", "CA2012", Justification = "Consumed once: by GetResult in OnCompleted. An async method would cost a box per link.")]
    public LinkEnd? Fill(ILinkHandler handler)
    {
        FillResult filled = handler.Fill(writer, BudgetBytes);
        _wanted = filled == FillResult.More;
        IsClosing = filled == FillResult.Close;

        // Also when nothing was written: only a flush tells that the reader is gone (a pipe then swallows what is written).
        try
        {
            _flush = writer.FlushAsync(CancellationToken.None).ConfigureAwait(false).GetAwaiter();
        }
        catch (Exception exception)
        {
            return PipeInput.EndOf(exception); // a pipe whose reader failed throws here, not in the result
        }

        if (_flush.IsCompleted) return OnCompleted();

        _operation = PipeOperation.Pending;
        Volatile.Write(ref _blockedSince, Environment.TickCount64);
        _flush.UnsafeOnCompleted(completed);
        return null;
    }

    /// <summary>The owner learned that the pending flush completed. Returns how the connection ended, when it did.</summary>
    public LinkEnd? OnCompleted()
    {
        _operation = PipeOperation.None;
        Volatile.Write(ref _blockedSince, 0);
        try
        {
            // Completed by its reader: nobody takes these bytes any more.
            if (_flush.GetResult().IsCompleted) return LinkEnd.Reset;
        }
        catch (Exception exception)
        {
            return PipeInput.EndOf(exception);
        }

        return IsClosing ? LinkEnd.Closed : null;
    }

    public void CancelPending() => writer.CancelPendingFlush();

    public ValueTask CompleteAsync(Exception? exception) => writer.CompleteAsync(exception);
}
