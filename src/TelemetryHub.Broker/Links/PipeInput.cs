using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using TelemetryHub.Broker.Reactors;

namespace TelemetryHub.Broker.Links;

/// <summary>The reading half of a <see cref="PipeLink"/>: one read at a time, its bytes handed over contiguously. Owner only.</summary>
internal sealed class PipeInput(PipeReader reader, IReactorWork? work, Action completed)
{
    private ConfiguredValueTaskAwaitable<ReadResult>.ConfiguredValueTaskAwaiter _read;
    private PipeOperation _operation;
    private bool _paused;
    private bool _resumed;

    public bool IsPending => _operation == PipeOperation.Pending;

    /// <summary>Whether <see cref="Step"/> has something to do now.</summary>
    public bool CanStep => !_paused && _operation != PipeOperation.Pending;

    public void Pause() => _paused = true;

    public void Resume()
    {
        _paused = false;
        _resumed = true;
    }

    /// <summary>The owner learned that the pending read completed.</summary>
    public void OnCompleted() => _operation = PipeOperation.Ready;

    /// <summary>Hands over what was read and begins the next read. Returns how the connection ended, when it did.</summary>
    public LinkEnd? Step(ILinkHandler handler, PipeLink link)
    {
        if (_operation == PipeOperation.Ready)
        {
            LinkEnd? end = Take(handler, link);
            if (end is not null) return end;
        }

        return _operation == PipeOperation.None && !_paused ? Begin() : null;
    }

    public void CancelPending() => reader.CancelPendingRead();

    public void Complete() => reader.Complete();

    /// <summary>Says what an exception of the pipe means. They come from below: sockets, TLS, WebSocket framing.</summary>
    public static LinkEnd EndOf(Exception exception)
        => exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException
            ? LinkEnd.Reset
            : LinkEnd.TransportFault;

    [SuppressMessage("Reliability", "CA2012", Justification = "Consumed once: by GetResult in Take. An async method would cost a box per link.")]
    private LinkEnd? Begin()
    {
        try
        {
            _read = reader.ReadAsync(CancellationToken.None).ConfigureAwait(false).GetAwaiter();
        }
        catch (Exception exception)
        {
            return EndOf(exception); // a pipe whose writer failed throws here, not in the result
        }

        _operation = _read.IsCompleted ? PipeOperation.Ready : PipeOperation.Pending;
        if (_operation == PipeOperation.Pending) _read.UnsafeOnCompleted(completed);
        return null;
    }

    private LinkEnd? Take(ILinkHandler handler, PipeLink link)
    {
        _operation = PipeOperation.None;
        ReadResult result;
        try
        {
            result = _read.GetResult();
        }
        catch (Exception exception)
        {
            return EndOf(exception);
        }

        ReadOnlySequence<byte> rest = result.Buffer;
        _resumed = false;
        Deliver(handler, ref rest, link);
        work?.OnBatchRead();

        // What a paused handler left was not looked at: the read that follows the resumption must return it at once.
        bool unseen = _paused || _resumed;
        reader.AdvanceTo(rest.Start, unseen ? rest.Start : rest.End);
        return result.IsCompleted && !unseen ? LinkEnd.PeerClosed : null;
    }

    /// <summary>
    /// A packet within a segment is read in place. Only one that spans segments is copied, and only once it is all there,
    /// so neither many small packets nor one of a megabyte are copied again and again.
    /// </summary>
    private void Deliver(ILinkHandler handler, ref ReadOnlySequence<byte> rest, PipeLink link)
    {
        long tried = 0;
        while (!rest.IsEmpty && !_paused && !link.IsCut)
        {
            long need = Math.Max(handler.NeededBytes, tried + 1);
            if (need > rest.Length) return;
            int used;
            if (need <= rest.FirstSpan.Length)
            {
                tried = rest.FirstSpan.Length;
                used = handler.OnReceived(rest.FirstSpan);
            }
            else
            {
                // Twice what was not enough, should the hint not grow.
                tried = Math.Min(rest.Length, Math.Max(need, tried * 2));
                used = DeliverCopy(handler, rest.Slice(0, tried));
            }

            if (used == 0) continue;
            rest = rest.Slice(used);
            tried = 0;
        }
    }

    private static int DeliverCopy(ILinkHandler handler, in ReadOnlySequence<byte> packet)
    {
        int length = (int)packet.Length;
        byte[] rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            packet.CopyTo(rented);
            return handler.OnReceived(rented.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
